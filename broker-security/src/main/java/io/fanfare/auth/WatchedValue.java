package io.fanfare.auth;

import io.fanfare.files.BoundedFile;
import io.fanfare.files.BoundedFile.Secrecy;
import io.fanfare.files.FileWatcher;
import io.fanfare.files.UnreadableFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value parsed from a file, and parsed again within a second after the file has changed. A file that can't be read or
 * parsed leaves the value as it was, with one warning. Any thread may call any method.
 */
final class WatchedValue<T> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedValue.class);

    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

    /** Users by the ten thousand fit in. */
    private static final int MAX_BYTES = 16 << 20;

    private final Path file;
    private final Function<byte[], T> parser;
    private final FileWatcher watcher;
    private final FileWatcher.Listener listener = new FileWatcher.Listener() {
        @Override
        public void changed(List<byte[]> contents) {
            try {
                value = parse(contents);
                LOG.info("read again file={}", file);
            } catch (IllegalArgumentException e) {
                warn(e);
            }
        }

        @Override
        public void unreadable(UnreadableFileException reason) {
            warn(refused(reason));
        }
    };
    private volatile T value;

    private WatchedValue(Path file, Secrecy secrecy, Function<byte[], T> parser) {
        this.file = file;
        this.parser = parser;
        this.watcher = new FileWatcher(
                List.of(new BoundedFile(file, MAX_BYTES, secrecy)), LOOK_INTERVAL, FileWatcher.Settling.FIRST_LOOK);
        try {
            this.value = parse(watcher.read());
        } catch (UnreadableFileException e) {
            throw refused(e);
        }
    }

    /**
     * Reads a file, and begins to watch it.
     *
     * @param parser makes the value; throws an IllegalArgumentException, whose message holds no secret, when it can't
     * @throws IllegalArgumentException when there is no value yet; its message names the file
     */
    static <T> WatchedValue<T> open(Path file, Secrecy secrecy, Function<byte[], T> parser) {
        WatchedValue<T> opened = new WatchedValue<>(file, secrecy, parser);
        opened.watcher.start(opened.listener);
        return opened;
    }

    private T parse(List<byte[]> contents) {
        try {
            return parser.apply(contents.get(0));
        } catch (IllegalArgumentException e) {
            throw refused(e);
        }
    }

    private IllegalArgumentException refused(Exception why) {
        return new IllegalArgumentException(file + ": " + why.getMessage(), why);
    }

    private static void warn(IllegalArgumentException why) {
        LOG.warn("not read again, what was in it before still counts: {}", why.getMessage());
    }

    T value() {
        return value;
    }

    /** Looks at the file now, instead of within a second. */
    void look() {
        watcher.look(listener);
    }

    /** Ends the watching; the value stays. */
    @Override
    public void close() {
        watcher.close();
    }
}
