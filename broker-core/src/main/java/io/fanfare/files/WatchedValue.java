package io.fanfare.files;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value parsed from a file, and parsed again within a second after the file has changed. A file that can't be read or
 * parsed leaves the value as it was, with one warning. Any thread may call any method.
 */
public final class WatchedValue<T> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedValue.class);

    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

    private final BoundedFile file;
    private final Function<byte[], T> parser;
    private final FileWatcher watcher;
    private final FileWatcher.Listener listener = new FileWatcher.Listener() {
        @Override
        public void changed(List<byte[]> contents) {
            try {
                value = parse(contents);
                LOG.info("read again file={}", file.path());
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

    private WatchedValue(BoundedFile file, Function<byte[], T> parser) {
        this.file = file;
        this.parser = parser;
        this.watcher = new FileWatcher(List.of(file), LOOK_INTERVAL, FileWatcher.Settling.FIRST_LOOK);
        try {
            this.value = parse(watcher.read());
        } catch (UnreadableFileException e) {
            throw refused(e);
        }
    }

    /**
     * Reads a file, and begins to watch it.
     *
     * @param parser makes the value, on the thread that calls or on one that looks; throws an IllegalArgumentException,
     *     whose message holds no secret, when it can't
     * @throws IllegalArgumentException when there is no value yet; its message names the file
     */
    public static <T> WatchedValue<T> open(BoundedFile file, Function<byte[], T> parser) {
        WatchedValue<T> opened = new WatchedValue<>(file, parser);
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
        return new IllegalArgumentException(file.path() + ": " + why.getMessage(), why);
    }

    private static void warn(IllegalArgumentException why) {
        LOG.warn("not read again, what was in it before still counts: {}", why.getMessage());
    }

    public T value() {
        return value;
    }

    /** Looks at the file now, instead of within a second. */
    public void look() {
        watcher.look(listener);
    }

    /** Ends the watching; the value stays. */
    @Override
    public void close() {
        watcher.close();
    }
}
