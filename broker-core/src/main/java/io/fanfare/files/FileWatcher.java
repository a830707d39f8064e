package io.fanfare.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches files, and hands their contents to a listener when these change.
 *
 * <p><b>What is compared.</b> A look reads all files and compares their contents with the ones handed over last; a file that
 * was only touched is no change. Files whose times, sizes and keys (inodes) are those of the last look are not read: a look
 * then costs one system call a file. A pipe or a device is not read a second time. Only digests of contents are kept.
 *
 * <p><b>When.</b> Either a thread of the watcher's own looks at an interval ({@link #start}), or threads of the owner have the
 * files looked at when they need them, at most once an interval ({@link #lookSoon}).
 *
 * <p><b>Threads.</b> Any thread may call any method. The listener is called by the thread that looks, one call at a time.
 *
 * <p><b>Errors.</b> A file that can't be read is reported once for each reason, and looked at again; contents that come back as
 * they were are no change. Contents that the listener does not like are not offered again before they change. An exception of
 * the listener is logged, and the watcher goes on.
 */
public final class FileWatcher implements AutoCloseable {

    /** Takes what a watcher finds. */
    public interface Listener {

        /** The contents are others than before: of all files, in the order they were given in. */
        void changed(List<byte[]> contents);

        /** A file can't be read, or for another reason than before. */
        void unreadable(UnreadableFileException reason);
    }

    /** The number of looks that must find the same contents before these count. */
    public enum Settling {
        /** One: for files that are replaced in one step, or whose halves are refused. */
        FIRST_LOOK,
        /** Two in a row: half a file that is still being written does not count, even if it can be understood. */
        SECOND_LOOK
    }

    /** The attributes of a file that change with its contents. */
    private record Stamp(
            FileTime modified, long size, @Nullable Object key) {}

    private static final Logger LOG = LoggerFactory.getLogger(FileWatcher.class);

    /** The coarsest clock of a file system in use, FAT's: two changes within this time may bear the same time. */
    private static final Duration CLOCK_STEP = Duration.ofSeconds(2);

    private final List<BoundedFile> files;
    private final Duration interval;
    private final Settling settling;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final AtomicLong nextLook;
    private volatile CompletableFuture<Void> looking = CompletableFuture.completedFuture(null);
    private volatile @Nullable ScheduledExecutorService thread;

    /** Of the files as they were read last; empty: they must be read. Guarded by this, as are the digests. */
    private List<Stamp> stamps = List.of();

    /** Digest of the contents that the last look found; empty: it found none. */
    private String seen = "";

    /** Digest of the contents that were handed over last; empty: there were none. */
    private String taken = "";

    /** Why a file could not be read at the last look, as it was reported; empty: all files could be. Guarded by this. */
    private String problem = "";

    /**
     * Makes a watcher that has not looked yet: without a {@link #read} the first contents found are a change.
     *
     * @param files one or several, whose contents belong together
     * @param interval time between two looks
     */
    public FileWatcher(List<BoundedFile> files, Duration interval, Settling settling) {
        this(files, interval, settling, Clock.systemUTC(), System::nanoTime);
    }

    FileWatcher(List<BoundedFile> files, Duration interval, Settling settling, Clock clock, LongSupplier nanoTime) {
        this.files = List.copyOf(files);
        this.interval = interval;
        this.settling = settling;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.nextLook = new AtomicLong(nanoTime.getAsLong() + interval.toNanos());
    }

    /**
     * Reads the files now; what changes from here on is a change.
     *
     * @return the contents of each file
     * @throws UnreadableFileException when one of them can't be read
     */
    public synchronized List<byte[]> read() throws UnreadableFileException {
        // before the contents: what changes between the two is read once more, and not missed
        List<Stamp> now = stamps(attributes());
        List<byte[]> contents = contents();
        seen = digest(contents);
        taken = seen;
        stamps = now;
        return contents;
    }

    /**
     * Has a daemon thread look, the first time when the interval has passed, until {@link #close}.
     *
     * @throws IllegalStateException when there is such a thread already
     */
    public synchronized void start(Listener listener) {
        if (thread != null) {
            throw new IllegalStateException("started before");
        }
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made =
                    new Thread(task, "fanfare-watch-" + files.get(0).path().getFileName());
            made.setDaemon(true);
            return made;
        });
        long nanos = interval.toNanos();
        started.scheduleWithFixedDelay(() -> look(listener), nanos, nanos, TimeUnit.NANOSECONDS);
        thread = started;
    }

    /**
     * Has an executor look, unless that was asked for within the interval. Costs little more than a glance at the clock, so
     * that an event loop may call it for each connection.
     *
     * @return done when no look is under way that was asked for here: the files are known then as they were at most an
     *     interval ago
     */
    public CompletableFuture<Void> lookSoon(Executor executor, Listener listener) {
        long due = nextLook.get();
        long now = nanoTime.getAsLong();
        if (now - due >= 0 && nextLook.compareAndSet(due, now + interval.toNanos())) {
            looking = CompletableFuture.runAsync(() -> look(listener), executor);
        }
        return looking;
    }

    /** Looks at the files now, and tells the listener before it returns. */
    public synchronized void look(Listener listener) {
        try {
            List<BasicFileAttributes> attributes = attributes();
            List<Stamp> now = stamps(attributes);
            boolean untouched = !now.isEmpty() && now.equals(stamps);
            // a pipe has said all that it had to say
            if (!untouched && attributes.stream().noneMatch(BasicFileAttributes::isOther)) {
                compare(now, listener);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("bug while reading {} again", paths(), e);
        }
    }

    private void compare(List<Stamp> now, Listener listener) {
        try {
            compare(contents(), now, listener);
        } catch (UnreadableFileException e) {
            stamps = List.of();
            seen = "";
            String found = e.file() + ": " + e.getMessage();
            if (!found.equals(problem)) {
                problem = found;
                listener.unreadable(e);
            }
        }
    }

    private void compare(List<byte[]> contents, List<Stamp> now, Listener listener) {
        problem = "";
        String found = digest(contents);
        boolean settled = settling == Settling.FIRST_LOOK || found.equals(seen);
        seen = found;
        if (!settled) {
            stamps = List.of();
            return;
        }
        stamps = now;
        if (!found.equals(taken)) {
            // before the call: contents that the listener throws at are not offered over and over
            taken = found;
            listener.changed(contents);
        }
    }

    /** Of all files; empty when one has none, and reading it will tell why. */
    private List<BasicFileAttributes> attributes() {
        List<BasicFileAttributes> all = new ArrayList<>();
        try {
            for (BoundedFile file : files) {
                all.add(Files.readAttributes(file.path(), BasicFileAttributes.class));
            }
            return all;
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Empty when stamps don't tell: a file was changed so lately that one more change may leave the same stamp. */
    private List<Stamp> stamps(List<BasicFileAttributes> attributes) {
        Instant settledBefore = clock.instant().minus(CLOCK_STEP);
        boolean young = attributes.stream()
                .anyMatch(each -> !each.lastModifiedTime().toInstant().isBefore(settledBefore));
        return young
                ? List.of()
                : attributes.stream()
                        .map(each -> new Stamp(each.lastModifiedTime(), each.size(), each.fileKey()))
                        .toList();
    }

    private List<byte[]> contents() throws UnreadableFileException {
        List<byte[]> contents = new ArrayList<>();
        for (BoundedFile file : files) {
            contents.add(file.read());
        }
        return contents;
    }

    private static String digest(List<byte[]> contents) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] content : contents) {
                digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, content.length));
                digest.update(content);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private String paths() {
        return files.stream().map(file -> file.path().toString()).collect(Collectors.joining(", "));
    }

    /** Ends the thread, if there is one; a look that is under way is finished. */
    @Override
    public void close() {
        ScheduledExecutorService started = thread;
        if (started != null) {
            // no interrupt: a reading that it cuts short would be reported as a file that can't be read
            started.shutdown();
        }
    }
}
