package io.fanfare.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Failure to read a file. The message says why, without the file's name; for operators a name goes in front. */
public final class UnreadableFileException extends IOException {

    private static final long serialVersionUID = 1;

    /** Kinds of reasons. */
    public enum Reason {
        /** There is no file of this name. */
        MISSING,
        /** The process has no permission to read the file. */
        DENIED,
        /** The file is secret, and every user of the machine may read or write it. */
        EXPOSED,
        /** The file is larger than its limit. */
        TOO_LARGE,
        /** Everything else; the cause says more. */
        FAILED
    }

    private final transient Path file;
    private final Reason reason;

    private UnreadableFileException(Path file, Reason reason, String message, @Nullable IOException cause) {
        super(message, cause);
        this.file = file;
        this.reason = reason;
    }

    static UnreadableFileException of(Path file, Reason reason, String message) {
        return new UnreadableFileException(file, reason, message, null);
    }

    static UnreadableFileException of(Path file, IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return new UnreadableFileException(file, Reason.MISSING, "there is no such file", cause);
        }
        if (cause instanceof AccessDeniedException) {
            // the message of the cause is the file's name
            return new UnreadableFileException(file, Reason.DENIED, "can't be read: permission denied", cause);
        }
        return new UnreadableFileException(file, Reason.FAILED, "can't be read: " + cause.getMessage(), cause);
    }

    public Path file() {
        return file;
    }

    public Reason reason() {
        return reason;
    }
}
