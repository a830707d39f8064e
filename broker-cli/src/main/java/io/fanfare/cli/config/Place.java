package io.fanfare.cli.config;

import java.nio.file.Path;

/**
 * A place in a configuration.
 *
 * @param source a file, or the name of an environment variable
 * @param line from 1; 0: the whole source
 * @param column from 1
 */
record Place(String source, int line, int column) {

    static Place whole(String source) {
        return new Place(source, 0, 0);
    }

    /** Resolves a path that is written here; in a file, relative paths begin at its folder. */
    Path resolve(String path) {
        return line > 0 ? Path.of(source).resolveSibling(path) : Path.of(path);
    }

    @Override
    public String toString() {
        return line > 0 ? source + ":" + line + ":" + column : source;
    }
}
