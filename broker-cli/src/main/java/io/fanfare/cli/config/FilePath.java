package io.fanfare.cli.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;

/**
 * A file that can be read, or {@code off}. Relative paths begin at the folder of the file they stand in.
 *
 * @param secret holds what others must not know, so a file that everybody on the machine may read is refused
 */
record FilePath(boolean secret) implements Type<Optional<Path>> {

    private static final String OFF = "off";
    private static final Text PATH = new Text("the path of a file, or off", ".{1,4096}");

    @Override
    public Optional<Path> read(ConfigNode node) {
        String text = PATH.read(node);
        if (text.equals(OFF)) {
            return Optional.empty();
        }
        try {
            Path file = node.place().resolve(text);
            check(node, file);
            return Optional.of(file);
        } catch (InvalidPathException e) {
            throw node.mustBe(PATH.form());
        }
    }

    private void check(ConfigNode node, Path file) {
        if (!Files.isRegularFile(file)) {
            throw node.refused("names no file: " + file);
        }
        if (!Files.isReadable(file)) {
            throw node.refused("names a file that may not be read: " + file);
        }
        if (secret && everybodyMayRead(file)) {
            throw node.refused("names a file that everybody may read; take that away with chmod o= " + file);
        }
    }

    private static boolean everybodyMayRead(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (UnsupportedOperationException e) {
            // no such permissions on this file system
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public String write(Optional<Path> value) {
        return value.map(path -> "'" + path.toString().replace("'", "''") + "'").orElse(OFF);
    }
}
