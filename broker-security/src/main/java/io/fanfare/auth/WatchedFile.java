package io.fanfare.auth;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a file says. It is looked at once a second, and read again when it has changed; what can't be read leaves what was
 * there. Any thread may ask.
 */
final class WatchedFile<T> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);

    private static final int LOOK_SECONDS = 1;

    /** Users by the ten thousand fit in. */
    private static final int MAX_BYTES = 16 << 20;

    /** Whether anybody on the machine may read a file. */
    enum Secrecy {
        PUBLIC,
        SECRET
    }

    /** What tells one state of a file from the next. */
    private record Stamp(
            FileTime modified, long size, @Nullable Object key) {}

    private final Path file;
    private final Secrecy secrecy;
    private final Function<byte[], T> parser;
    private final ScheduledExecutorService watcher;
    private volatile T value;

    /** What was read last, well or badly; null: it was not there. Guarded by this. */
    private @Nullable Stamp seen;

    /**
     * Reads a file.
     *
     * @param parser makes the value; throws an IllegalArgumentException, whose message holds no secret, when it can't
     * @throws IllegalArgumentException when there is no value yet; its message names the file
     */
    WatchedFile(Path file, Secrecy secrecy, Function<byte[], T> parser) {
        this.file = file;
        this.secrecy = secrecy;
        this.parser = parser;
        this.seen = stamp();
        this.value = read();
        this.watcher = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "fanfare-watch-" + file.getFileName());
            thread.setDaemon(true);
            return thread;
        });
        watcher.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    T value() {
        return value;
    }

    /** Reads the file again if it has changed. */
    synchronized void look() {
        Stamp now = stamp();
        if (now == null ? seen == null : now.equals(seen)) {
            return;
        }
        // before it is read: what changes meanwhile is seen the next time
        seen = now;
        try {
            value = read();
            LOG.info("read again file={}", file);
        } catch (RuntimeException e) {
            LOG.warn("not read again, what was in it before still counts: {}", e.getMessage());
        }
    }

    private @Nullable Stamp stamp() {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(now.lastModifiedTime(), now.size(), now.fileKey());
        } catch (IOException e) {
            return null;
        }
    }

    private T read() {
        try {
            if (secrecy == Secrecy.SECRET) {
                refuseWhatOthersRead();
            }
            return parser.apply(content());
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(file + ": there is no such file", e);
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalArgumentException(file + ": can't be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private void refuseWhatOthersRead() throws IOException {
        PosixFileAttributeView posix = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (posix == null) {
            return;
        }
        Set<PosixFilePermission> permissions = posix.readAttributes().permissions();
        if (permissions.contains(PosixFilePermission.OTHERS_READ)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IllegalArgumentException("every user of this machine has access to it; chmod o-rwx it");
        }
    }

    private byte[] content() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            if (content.length > MAX_BYTES) {
                throw new IllegalArgumentException(
                        String.format(Locale.ROOT, "more than %,d B are too much", MAX_BYTES));
            }
            return content;
        }
    }

    @Override
    public void close() {
        watcher.shutdownNow();
    }
}
