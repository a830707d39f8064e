package io.fanfare.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fanfare.files.BoundedFile.Secrecy;
import io.fanfare.files.FileWatcher.Settling;
import io.fanfare.files.UnreadableFileException.Reason;
import io.fanfare.testing.Await;
import io.fanfare.testing.LogLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts as a change of files, and when; looks are made by hand. */
class FileWatcherTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LONG_AGO = NOW.minusSeconds(3600);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final FileWatcher.Listener listener = new FileWatcher.Listener() {
        @Override
        public void changed(List<byte[]> contents) {
            String all = String.join(
                    "|",
                    contents.stream().map(content -> new String(content, UTF_8)).toList());
            told.add(all);
            if (all.equals("bug")) {
                throw new IllegalStateException("a bug of the listener's");
            }
        }

        @Override
        public void unreadable(UnreadableFileException why) {
            told.add(why.file().getFileName() + " " + why.reason());
        }
    };
    private Path file;
    private Path other;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("file");
        other = folder.resolve("other");
        write(file, "first", LONG_AGO);
        write(other, "x", LONG_AGO);
    }

    private static void write(Path file, String content, Instant modified) throws IOException {
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.from(modified));
    }

    private FileWatcher watcher(Settling settling, Path... files) {
        List<BoundedFile> all = List.of(files).stream()
                .map(each -> new BoundedFile(each, 9, Secrecy.PUBLIC))
                .toList();
        return new FileWatcher(all, INTERVAL, settling, Clock.fixed(NOW, ZoneOffset.UTC), nanos::get);
    }

    /** A watcher that has read the file. */
    private FileWatcher opened() throws UnreadableFileException {
        FileWatcher watcher = watcher(Settling.FIRST_LOOK, file);
        assertThat(watcher.read()).containsExactly("first".getBytes(UTF_8));
        return watcher;
    }

    private void look(FileWatcher watcher, int times) {
        for (int i = 0; i < times; i++) {
            watcher.look(listener);
        }
    }

    // ---- what is a change -------------------------------------------------------------------------------------------

    @Test
    void whatWasReadIsNoChange() throws IOException {
        look(opened(), 2);
        assertThat(told).isEmpty();
    }

    @Test
    void withoutAReadingTheFirstContentsAreAChange() {
        look(watcher(Settling.FIRST_LOOK, file), 2);
        assertThat(told).containsExactly("first");
    }

    @Test
    void aNewerAnOlderAndALongerFileAreChanges() throws IOException {
        FileWatcher watcher = opened();
        write(file, "newer", LONG_AGO.plusSeconds(1));
        look(watcher, 2);
        write(file, "older", LONG_AGO.minusSeconds(1));
        look(watcher, 2);
        write(file, "and more", LONG_AGO.minusSeconds(1));
        look(watcher, 2);
        assertThat(told).containsExactly("newer", "older", "and more");
    }

    @Test
    void aFileMovedOverIsAChangeThoughItsTimeAndSizeAreTheSame() throws IOException {
        FileWatcher watcher = opened();
        write(other, "other", LONG_AGO);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        look(watcher, 2);
        assertThat(told).containsExactly("other");
    }

    @Test
    void aTouchIsNoChange() throws IOException {
        FileWatcher watcher = opened();
        write(file, "first", LONG_AGO.plusSeconds(1));
        look(watcher, 2);
        assertThat(told).isEmpty();
    }

    @Test
    void filesChangeTogether() throws IOException {
        FileWatcher watcher = watcher(Settling.FIRST_LOOK, file, other);
        assertThat(watcher.read()).hasSize(2);
        write(other, "y", LONG_AGO.plusSeconds(1));
        look(watcher, 2);
        assertThat(told).containsExactly("first|y");
    }

    @Test
    void aByteThatMovesToTheNextFileIsAChange() throws IOException {
        FileWatcher watcher = watcher(Settling.FIRST_LOOK, file, other);
        watcher.read();
        write(file, "firs", LONG_AGO);
        write(other, "tx", LONG_AGO);
        look(watcher, 1);
        assertThat(told).containsExactly("firs|tx");
    }

    // ---- files that are not read ------------------------------------------------------------------------------------

    /** That it is not is seen by the change that goes unnoticed. */
    @Test
    void aFileWhoseStampIsTheSameIsNotRead() throws IOException {
        FileWatcher watcher = opened();
        write(file, "other", LONG_AGO);
        look(watcher, 2);
        assertThat(told).isEmpty();
    }

    @Test
    void aFileChangedALittleAgoIsReadAsOneMoreChangeMayLeaveItsTime() throws IOException {
        write(file, "first", NOW.minusSeconds(2));
        FileWatcher watcher = opened();
        write(file, "other", NOW.minusSeconds(2));
        look(watcher, 2);
        assertThat(told).containsExactly("other");
    }

    @Test
    void aFileFromTheFutureIsReadToo() throws IOException {
        write(file, "first", NOW.plusSeconds(3600));
        FileWatcher watcher = opened();
        write(file, "other", NOW.plusSeconds(3600));
        look(watcher, 2);
        assertThat(told).containsExactly("other");
    }

    @Test
    void aDeviceIsNotRead() {
        Path device = Path.of("/dev/null");
        assumeThat(device).exists();
        look(watcher(Settling.FIRST_LOOK, device), 2);
        assertThat(told).isEmpty();
    }

    // ---- files that can't be read -----------------------------------------------------------------------------------

    @Test
    void aFileThatIsGoneIsReportedOnceAndIsNoChangeWhenItComesBack() throws IOException {
        FileWatcher watcher = opened();
        Files.delete(file);
        look(watcher, 3);
        write(file, "first", LONG_AGO);
        look(watcher, 2);
        Files.delete(file);
        look(watcher, 2);
        write(file, "other", LONG_AGO);
        look(watcher, 2);
        assertThat(told).containsExactly("file " + Reason.MISSING, "file " + Reason.MISSING, "other");
    }

    @Test
    void anotherReasonAndAnotherFileAreReportedToo() throws IOException {
        FileWatcher watcher = watcher(Settling.FIRST_LOOK, file, other);
        watcher.read();
        Files.delete(file);
        look(watcher, 2);
        write(file, "0123456789", LONG_AGO);
        look(watcher, 2);
        write(file, "first", LONG_AGO);
        Files.delete(other);
        look(watcher, 2);
        assertThat(told)
                .containsExactly("file " + Reason.MISSING, "file " + Reason.TOO_LARGE, "other " + Reason.MISSING);
    }

    @Test
    void aFirstReadingThatFailsIsAnError() throws IOException {
        Files.delete(file);
        assertThatThrownBy(this::opened).isInstanceOf(UnreadableFileException.class);
    }

    @Test
    void contentsThatAListenerThrowsAtAreNotOfferedAgainAndTheNextOnesAre() throws IOException {
        try (LogLines lines = new LogLines(FileWatcher.class.getName())) {
            FileWatcher watcher = opened();
            write(file, "bug", LONG_AGO);
            look(watcher, 2);
            write(file, "mended", LONG_AGO);
            look(watcher, 2);
            assertThat(told).containsExactly("bug", "mended");
            assertThat(lines.all()).containsExactly("bug while reading " + file + " again");
        }
    }

    // ---- settling ---------------------------------------------------------------------------------------------------

    @Test
    void contentsCountAtTheSecondLookInARow() throws IOException {
        FileWatcher watcher = watcher(Settling.SECOND_LOOK, file);
        look(watcher, 1);
        assertThat(told).isEmpty();
        look(watcher, 3);
        assertThat(told).containsExactly("first");
    }

    @Test
    void halfAFileIsNeverHandedOver() throws IOException {
        FileWatcher watcher = watcher(Settling.SECOND_LOOK, file);
        watcher.read();
        write(file, "hal", LONG_AGO);
        look(watcher, 1);
        Files.delete(file);
        look(watcher, 1);
        write(file, "hal", LONG_AGO);
        look(watcher, 1);
        write(file, "half+half", LONG_AGO);
        look(watcher, 2);
        assertThat(told).containsExactly("file " + Reason.MISSING, "half+half");
    }

    // ---- when -------------------------------------------------------------------------------------------------------

    @Test
    void aLookThatIsAskedForIsMadeOnceAnInterval() throws IOException {
        Queue<Runnable> executor = new ArrayDeque<>();
        FileWatcher watcher = opened();
        watcher.lookSoon(executor::add, listener);
        nanos.addAndGet(INTERVAL.toNanos() - 1);
        watcher.lookSoon(executor::add, listener);
        assertThat(executor).isEmpty();
        nanos.addAndGet(1);
        CompletableFuture<Void> first = watcher.lookSoon(executor::add, listener);
        CompletableFuture<Void> second = watcher.lookSoon(executor::add, listener);
        assertThat(executor).hasSize(1);
        write(file, "other", LONG_AGO.plusSeconds(1));
        assertThat(first).isNotDone();
        assertThat(second).as("the same look").isNotDone();
        executor.remove().run();
        assertThat(told).containsExactly("other");
        assertThat(first).isDone();
        assertThat(second).isDone();
        assertThat(watcher.lookSoon(executor::add, listener))
                .as("nothing to wait for")
                .isDone();
        nanos.addAndGet(INTERVAL.toNanos());
        watcher.lookSoon(executor::add, listener);
        assertThat(executor).hasSize(1);
    }

    @Test
    void aWatcherLooksByItselfUntilItIsClosed() throws Exception {
        FileWatcher watcher = new FileWatcher(
                List.of(new BoundedFile(file, 9, Secrecy.PUBLIC)), Duration.ofMillis(1), Settling.SECOND_LOOK);
        try (watcher) {
            watcher.start(listener);
            assertThatThrownBy(() -> watcher.start(listener)).isInstanceOf(IllegalStateException.class);
            assertThat(told.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("first");
            Files.writeString(other, "other");
            Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
            assertThat(told.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("other");
        }
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("fanfare-watch-file"))
                .forEach(FileWatcherTest::awaitEnd);
    }

    private static void awaitEnd(Thread thread) {
        try {
            thread.join(30_000);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertThat(thread.isAlive()).isFalse();
    }
}
