package io.fanfare.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsTest {
    @Test
    @Tag("case-63")
    @Tag("advisory-3")
    void fourThousandNinetySixCharactersAreASelectorAndOneMoreIsNot() {
        String start = "a = '";
        String longest = start + "x".repeat(4_096 - start.length() - 1) + "'";

        assertThat(Selector.parse(longest).text()).hasSize(4_096);
        assertThatThrownBy(() -> Selector.parse(longest + " "))
                .isInstanceOf(InvalidSelectorException.class)
                .hasMessage("invalid selector at column 4097: 4,097 characters exceed the limit of 4,096");
    }

    @Test
    void theLimitOfLengthComesBeforeAllElse() {
        assertThatThrownBy(() -> Selector.parse("(".repeat(102_400)))
                .hasMessage("invalid selector at column 4097: 102,400 characters exceed the limit of 4,096");
    }

    @Test
    @Tag("case-63")
    @Tag("advisory-3")
    void sixtyFourParenthesesMayBeOpenAndOneMoreMayNot() {
        assertThat(Selector.parse(nested(64, "a = 1")).matches(name -> "1")).isTrue();
        assertThat(Selector.parse(nested(64, "1") + " = 1").matches(name -> "1"))
                .isTrue();
        assertThatThrownBy(() -> Selector.parse(nested(65, "a = 1")))
                .isInstanceOf(InvalidSelectorException.class)
                .hasMessage("invalid selector at column 65: more than 64 open parentheses");
    }

    @Test
    void parenthesesThatAreClosedDoNotCount() {
        assertThat(Selector.parse("(a)" + " AND (a)".repeat(500)).matches(name -> "true"))
                .isTrue();
    }

    @Test
    @Tag("case-63")
    @Tag("advisory-3")
    void aThousandParenthesesFailCleanly() {
        assertThatThrownBy(() -> Selector.parse(nested(1_000, "a = 1"))).isInstanceOf(InvalidSelectorException.class);
        assertThatThrownBy(() -> Selector.parse("NOT(-(".repeat(600))).isInstanceOf(InvalidSelectorException.class);
    }

    @Test
    void everyRuleAtEveryDepthStillFitsTheStack() {
        String deepest = "x AND (NOT ".repeat(64) + "x" + ")".repeat(64);
        assertThat(Selector.parse(deepest).matches(name -> "true")).isFalse();

        String deepestSum = "- 1 * (2 + ".repeat(64) + "x" + ")".repeat(64) + " > 0";
        assertThat(Selector.parse(deepestSum).matches(name -> "1")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "x AND ,x",
        "x OR ,x",
        "NOT ,x",
        "-,x = x",
        "+,x = x",
        "- + ,x = x",
        "1 + ,x = x",
        "x-,x = x",
        "2*,x = x",
        "x/,x = x",
    })
    void longChainsCostNoStack(String link, String end) {
        String selector = (link + " ").repeat((4_096 - 8) / (link.length() + 1)) + end;

        assertThat(thrownOnASmallStack(() -> Selector.parse(selector).matches(name -> "true")))
                .isNull();
    }

    @Test
    void aListMayFillTheWholeText() {
        Selector selector = Selector.parse("a IN (0" + ",1".repeat(2_000) + ")");
        assertThat(selector.matches(name -> "1")).isTrue();
        assertThat(selector.matches(name -> "2")).isFalse();
    }

    @Test
    void theLongestPatternTakesRoomInProportionToIt() {
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < 4_000; i++) {
            pattern.append((char) (0x4e00 + i)); // all distinct: the most tables a pattern can ask for
        }
        Selector selector = Selector.parse("a LIKE '%" + pattern + "%'");
        assertThat(selector.matches(name -> "x" + pattern + "y")).isTrue();
        assertThat(selector.matches(name -> "x" + pattern.substring(1) + "y")).isFalse();
    }

    private static String nested(int depth, String inner) {
        return "(".repeat(depth) + inner + ")".repeat(depth);
    }

    private static @Nullable Throwable thrownOnASmallStack(Runnable task) {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(null, task, "small stack", 160 * 1_024);
        thread.setUncaughtExceptionHandler((owner, failure) -> thrown.set(failure));
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return thrown.get();
    }
}
