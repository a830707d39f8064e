package io.fanfare.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fanfare.files.BoundedFile.Secrecy;
import io.fanfare.testing.Await;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a value is parsed again, and which one counts when it can't be. */
class WatchedValueTest {

    private static final int MAX_BYTES = 1024;

    @TempDir
    Path folder;

    private final AtomicInteger parsed = new AtomicInteger();
    private Path file;
    private WatchedValue<String> watched;

    @BeforeEach
    void open() throws IOException {
        file = folder.resolve("file");
        write("first", 1);
        watched = WatchedValue.open(bounded(), this::parse);
    }

    private String parse(byte[] content) {
        parsed.incrementAndGet();
        String text = new String(content, UTF_8);
        if (text.contains("broken")) {
            throw new IllegalArgumentException("line 1: broken");
        }
        return text;
    }

    @AfterEach
    void close() {
        watched.close();
    }

    @Test
    void whatHasNotChangedIsNotParsedAgain() {
        watched.look();
        watched.look();
        assertThat(parsed).hasValue(1);
        assertThat(watched.value()).isEqualTo("first");
    }

    @Test
    void whatHasChangedIsParsedAgain() throws IOException {
        write("other", 2);
        watched.look();
        assertThat(watched.value()).isEqualTo("other");
    }

    @Test
    void whatIsBrokenLeavesWhatWasThereAndIsNotParsedOverAndOver() throws IOException {
        write("broken", 2);
        watched.look();
        watched.look();
        assertThat(watched.value()).isEqualTo("first");
        assertThat(parsed).hasValue(2);
        write("mended", 3);
        watched.look();
        assertThat(watched.value()).isEqualTo("mended");
    }

    @Test
    void whatIsGoneLeavesWhatWasThere() throws IOException {
        Files.delete(file);
        watched.look();
        watched.look();
        assertThat(watched.value()).isEqualTo("first");
        write("other", 1);
        watched.look();
        assertThat(watched.value()).isEqualTo("other");
    }

    @Test
    void itLooksByItself() throws IOException {
        write("other", 2);
        Await.until("a second look", () -> watched.value().equals("other"));
    }

    @Test
    void aFileAtItsLimitIsReadAndNoLargerOne() throws IOException {
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(MAX_BYTES);
        }
        watched.look();
        assertThat(watched.value()).hasSize(MAX_BYTES);
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(MAX_BYTES + 1);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WatchedValue.open(bounded(), this::parse))
                .withMessage(file + ": more than 1,024 B are too much");
    }

    private BoundedFile bounded() {
        return new BoundedFile(file, MAX_BYTES, Secrecy.PUBLIC);
    }

    private void write(String content, int second) throws IOException {
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L + second * 1000L));
    }
}
