package io.fanfare.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GarbageTest {
    private static final long SEED = 3_141_592_653L;
    private static final int CASES = 100_000;

    private static final List<String> PIECES = List.of(("a b \"a-b\" 'x' 'it''s' '%_%' '!' 1 2.5 7. .5 1e3"
                    + " 9223372036854775808 ( ) ( ) , = <> != < <= > >= + - * /"
                    + " AND or NOT between IN LIKE escape IS NULL TRUE false"
                    + " ' \" . e # \u0000 \ud83d\ude00 \ud800 \n")
            .split(" "));

    private static final Map<String, String> MESSAGE = Map.of("a", "2.5", "a-b", "x");

    private final Random random = new Random(SEED);

    @Test
    void isASelectorOrAnInvalidSelector() {
        Set<String> seen = new HashSet<>();
        int selectors = 0;
        while (seen.size() < CASES) {
            String text = random.nextInt(4) == 0 ? characters() : pieces();
            if (seen.add(text) && isSelector(text, seen.size())) {
                selectors++;
            }
        }
        // else the garbage never got past the parser, and matching was not tried
        assertThat(selectors).as("seed %d", SEED).isBetween(CASES / 1_000, CASES / 2);
    }

    private static boolean isSelector(String text, int number) {
        try {
            Selector.parse(text).matches(MESSAGE::get);
            return true;
        } catch (InvalidSelectorException expected) {
            assertThat(expected.getMessage())
                    .as(() -> "seed %d, case %d".formatted(SEED, number))
                    .startsWith("invalid selector at column ")
                    .hasSizeLessThan(200)
                    .matches(message -> message.chars().noneMatch(Character::isISOControl), "no control characters");
            return false;
        } catch (RuntimeException | StackOverflowError unexpected) {
            return fail("seed %d, case %d: %s".formatted(SEED, number, text), unexpected);
        }
    }

    private String pieces() {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(12); i > 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size()))).append(random.nextInt(3) == 0 ? "" : " ");
        }
        return text.toString();
    }

    private String characters() {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(40); i > 0; i--) {
            text.append((char) random.nextInt(random.nextBoolean() ? 0x80 : 0x10000));
        }
        return text.toString();
    }
}
