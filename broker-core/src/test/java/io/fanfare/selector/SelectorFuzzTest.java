package io.fanfare.selector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Any text is a selector or an {@link InvalidSelectorException}; a selector answers, asks for few headers, and contradicts
 * itself nowhere. The first line is the text, each further one the value of some header.
 */
class SelectorFuzzTest {

    @FuzzTest(maxDuration = "10m")
    void isASelectorThatAnswersOrNone(byte[] input) {
        List<String> lines = Arrays.asList(new String(input, UTF_8).split("\n", -1));
        Message message = new Message(lines.subList(1, lines.size()));
        String text = lines.get(0);
        Selector selector = parse(text);
        if (selector == null) {
            return;
        }
        boolean matches = selector.matches(message);

        // a header takes a character of the text at least, and is asked for once as a number and once as text
        assertThat(message.asked).isLessThanOrEqualTo(2 * text.length());
        assertThat(selector.matches(message)).isEqualTo(matches);
        assertThat(selector.text()).isEqualTo(text);
        Selector not = text.isBlank() ? null : parse("NOT (" + text + ")");
        if (not != null) {
            assertThat(matches && not.matches(message))
                    .as("both %s and its opposite", text)
                    .isFalse();
            assertThat(Selector.parse("(" + text + ") OR FALSE").matches(message))
                    .isEqualTo(matches);
        }
    }

    private static @Nullable Selector parse(String text) {
        try {
            return Selector.parse(text);
        } catch (InvalidSelectorException e) {
            assertThat(e.getMessage())
                    .startsWith("invalid selector at column ")
                    .hasSizeLessThan(200)
                    .matches(message -> message.chars().noneMatch(Character::isISOControl), "no control characters");
            return null;
        }
    }

    /** Headers whose names decide which of the values they have, or none. */
    private static final class Message implements Function<String, @Nullable String> {

        private final List<String> values;
        private int asked;

        Message(List<String> values) {
            this.values = values;
        }

        @Override
        public @Nullable String apply(String name) {
            asked++;
            int value = Math.floorMod(name.hashCode(), values.size() + 1);
            return value == values.size() ? null : values.get(value);
        }
    }
}
