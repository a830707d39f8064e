package io.fanfare.cli.config;

import java.nio.file.Path;

/**
 * Where something was configured.
 *
 * @param source a file, or the name of an environment variable
 * @param line from 1; 0: the source as a whole
 * @param column from 1
 */
record Place(String source, int line, int column) {

    static Place whole(String source) {
        return new Place(source, 0, 0);
    }

    /** A path as it was written here: in a file, relative ones begin at its folder. */
    Path resolve(String path) {
        return line > 0 ? Path.of(source).resolveSibling(path) : Path.of(path);
    }

    @Override
    public String toString() {
        return line > 0 ? source + ":" + line + ":" + column : source;
    }
}
