package io.fanfare.files;

import io.fanfare.files.UnreadableFileException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Locale;
import java.util.Set;

/**
 * A file that is read whole, up to a limit.
 *
 * @param maxBytes limit on the file's size; a larger file is refused, not cut
 * @param secrecy whether the file's permissions are checked before each reading
 */
public record BoundedFile(Path path, int maxBytes, Secrecy secrecy) {

    /** Requirements on a file's permissions. */
    public enum Secrecy {
        /** None. */
        PUBLIC,
        /** A file that every user of the machine may read or write is refused, where the file system knows of that. */
        SECRET
    }

    /**
     * Reads the contents.
     *
     * @throws UnreadableFileException when the file is missing, too large, open to all users though secret, or can't be read
     */
    public byte[] read() throws UnreadableFileException {
        try {
            if (secrecy == Secrecy.SECRET) {
                refuseAccessOfEverybody();
            }
            return content();
        } catch (UnreadableFileException e) {
            throw e;
        } catch (IOException e) {
            throw UnreadableFileException.of(path, e);
        }
    }

    private void refuseAccessOfEverybody() throws IOException {
        PosixFileAttributeView posix = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (posix == null) {
            return;
        }
        Set<PosixFilePermission> permissions = posix.readAttributes().permissions();
        if (permissions.contains(PosixFilePermission.OTHERS_READ)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw UnreadableFileException.of(
                    path, Reason.EXPOSED, "every user of this machine has access to it; chmod o-rwx it");
        }
    }

    private byte[] content() throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] content = in.readNBytes(maxBytes);
            if (in.read() >= 0) {
                throw UnreadableFileException.of(
                        path, Reason.TOO_LARGE, String.format(Locale.ROOT, "more than %,d B are too much", maxBytes));
            }
            return content;
        }
    }
}
