package io.fanfare.selector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;

/** Asks a selector about a message, by the public door only. */
final class Verdicts {
    private Verdicts() {}

    /** TRUE if the selector matches, FALSE if its NOT does, UNKNOWN if neither. A header is {@code name:value}. */
    static Truth verdict(String selector, String... headers) {
        Map<String, String> message = new HashMap<>();
        for (String header : headers) {
            int colon = header.indexOf(':');
            message.put(header.substring(0, colon), header.substring(colon + 1));
        }
        return new Question(selector).verdict(message);
    }

    /** A selector to ask about many messages. */
    static final class Question {
        private final Selector selector;
        private final Selector negation;

        Question(String text) {
            selector = Selector.parse(text);
            negation = Selector.parse("NOT (" + text + ")");
        }

        Truth verdict(Map<String, String> message) {
            boolean matches = selector.matches(message::get);
            boolean negationMatches = negation.matches(message::get);
            assertThat(matches && negationMatches)
                    .as(() -> "both " + selector.text() + " and its NOT match")
                    .isFalse();
            if (matches) {
                return Truth.TRUE;
            }
            return negationMatches ? Truth.FALSE : Truth.UNKNOWN;
        }
    }

    static void isTrue(String selector, String... headers) {
        assertThat(verdict(selector, headers)).as(selector).isEqualTo(Truth.TRUE);
    }

    static void isFalse(String selector, String... headers) {
        assertThat(verdict(selector, headers)).as(selector).isEqualTo(Truth.FALSE);
    }

    static void isUnknown(String selector, String... headers) {
        assertThat(verdict(selector, headers)).as(selector).isEqualTo(Truth.UNKNOWN);
    }
}
