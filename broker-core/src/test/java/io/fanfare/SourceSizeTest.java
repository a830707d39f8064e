package io.fanfare;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The sizes of files and packages of all modules: what grows beyond them holds more than one idea. */
class SourceSizeTest {

    private static final int MAX_LINES_OF_A_FILE = 350;
    private static final int MAX_FILES_OF_A_PACKAGE = 25;

    @Test
    void noFileHasMoreThan350Lines() throws IOException {
        List<Path> sources = Sources.below("");
        assertThat(sources).hasSizeGreaterThan(500);
        assertThat(sources.stream().filter(file -> lines(file) > MAX_LINES_OF_A_FILE))
                .isEmpty();
    }

    @Test
    void noPackageHasMoreThan25Files() throws IOException {
        Map<Path, Long> filesOfPackages =
                Sources.below("src/main/java").stream().collect(groupingBy(Path::getParent, counting()));
        assertThat(filesOfPackages).hasSizeGreaterThan(50);
        filesOfPackages.values().removeIf(files -> files <= MAX_FILES_OF_A_PACKAGE);
        assertThat(filesOfPackages).isEmpty();
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
