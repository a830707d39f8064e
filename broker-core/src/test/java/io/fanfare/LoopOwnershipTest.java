package io.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a type says of its thread is checked while tests run. */
class LoopOwnershipTest {

    /** The first comment of a type, up to the type. */
    private static final Pattern OWNED = Pattern.compile(
            "(?s)^/\\*\\*(?:(?!\\*/).)*\\b[Oo]wned by (?:its|the|their|that)\\s(?:[a-z']+\\s)?loop\\.\\s*(?:\\n \\*)?\\s*\\*/",
            Pattern.MULTILINE);

    /** A field that knows whether the thread is the right one. */
    private static final Pattern KNOWS_ITS_LOOP = Pattern.compile(
            "(?m)^    private (?:final )?(?:EventLoop|SelectorLoop|BrokerLoop|TopicLoop|Session|Outbox) \\w+;");

    @Test
    void eachTypeThatALoopOwnsAndThatKnowsTheLoopAssertsIt() throws IOException {
        List<Path> owned = Sources.below("src/main/java").stream()
                .filter(file -> OWNED.matcher(text(file)).find())
                .filter(file -> KNOWS_ITS_LOOP.matcher(text(file)).find())
                .toList();
        assertThat(owned).hasSizeGreaterThan(15);
        assertThat(owned.stream()
                        .filter(file -> !text(file).matches("(?s).*\\bassert [^;]*isCurrent\\(\\);.*"))
                        .map(Path::getFileName))
                .isEmpty();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
