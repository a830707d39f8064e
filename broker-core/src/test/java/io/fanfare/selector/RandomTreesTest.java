package io.fanfare.selector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random trees, printed and read again, answer as the {@link Reference} does. */
class RandomTreesTest {
    private static final long SEED = 2_718_281_828L;
    private static final int TREES = 10_000;
    private static final int MESSAGES_PER_TREE = 5;

    private static final List<String> NAMES = List.of("a", "b", "c", "d");
    private static final List<String> OPERATORS = List.of("=", "<>", "<", "<=", ">", ">=");
    private static final List<String> TEXTS = List.of("", "x", "xy", "yx", "10", "2.5", "true", "False");
    private static final List<String> HEADERS =
            List.of("", "x", "xy", "0", "1", "2", "-3", "10", "10.0", "2.5", "1e1", "true", "False");

    private final Random random = new Random(SEED);

    @Test
    void readAndAnswerAsTheReferenceDoes() {
        Map<Truth, Integer> answers = new EnumMap<>(Truth.class);
        for (int i = 0; i < TREES; i++) {
            Reference.Cond tree = condition(4);
            Verdicts.Question question = new Verdicts.Question(tree.text());
            for (int j = 0; j < MESSAGES_PER_TREE; j++) {
                Map<String, String> message = message();
                Truth expected = truth(tree.test(message));
                assertThat(question.verdict(message))
                        .as(() -> "seed %d: %s of %s".formatted(SEED, tree.text(), message))
                        .isEqualTo(expected);
                answers.merge(expected, 1, Integer::sum);
            }
        }
        // else the trees were too dull to tell anything
        assertThat(answers.values()).hasSize(3).allMatch(count -> count > TREES * MESSAGES_PER_TREE / 10);
    }

    private Reference.Cond condition(int depth) {
        if (depth > 0 && random.nextInt(3) > 0) {
            return switch (random.nextInt(3)) {
                case 0 -> new Reference.Not(condition(depth - 1));
                case 1 -> new Reference.Junction("AND", several(() -> condition(depth - 1)));
                default -> new Reference.Junction("OR", several(() -> condition(depth - 1)));
            };
        }
        boolean not = random.nextBoolean();
        return switch (random.nextInt(8)) {
            case 0 -> new Reference.IsNull(header(), not);
            case 1 -> new Reference.Alone(random.nextBoolean() ? header() : truthLiteral());
            case 2 -> new Reference.In(header(), not, several(() -> random.nextBoolean() ? textLiteral() : number()));
            case 3 -> new Reference.Like(header(), not, pattern());
            case 4 -> new Reference.Between(sum(2), not, sum(1), sum(1));
            case 5 -> new Reference.Compare(any(), random.nextBoolean() ? "=" : "<>", any());
            default -> new Reference.Compare(sum(2), of(OPERATORS), sum(2));
        };
    }

    private Reference.Val any() {
        return switch (random.nextInt(5)) {
            case 0 -> textLiteral();
            case 1 -> truthLiteral();
            case 2 -> sum(2);
            default -> header();
        };
    }

    private Reference.Val sum(int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            return random.nextBoolean() ? header() : number();
        }
        if (random.nextInt(5) == 0) {
            return new Reference.Negative(sum(depth - 1));
        }
        return new Reference.Calculation(sum(depth - 1), "+-*/".charAt(random.nextInt(4)), sum(depth - 1));
    }

    private Reference.Literal number() {
        int quarters = random.nextInt(80);
        if (random.nextBoolean()) {
            return new Reference.Literal(Kind.NUMBER, new Reference.Num(quarters, true), Integer.toString(quarters));
        }
        double value = quarters / 4.0;
        return new Reference.Literal(Kind.NUMBER, new Reference.Num(value, false), Double.toString(value));
    }

    private Reference.Literal textLiteral() {
        String text = of(TEXTS);
        return new Reference.Literal(Kind.TEXT, text, "'" + text + "'");
    }

    private Reference.Literal truthLiteral() {
        boolean value = random.nextBoolean();
        return new Reference.Literal(Kind.BOOLEAN, value, value ? "true" : "FALSE");
    }

    private Reference.Header header() {
        return new Reference.Header(of(NAMES));
    }

    private String pattern() {
        StringBuilder pattern = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            pattern.append("%_xy1".charAt(random.nextInt(5)));
        }
        return pattern.toString();
    }

    private Map<String, String> message() {
        Map<String, String> message = new HashMap<>();
        for (String name : NAMES) {
            if (random.nextInt(5) > 0) {
                message.put(name, of(HEADERS));
            }
        }
        return message;
    }

    private <T> List<T> several(Supplier<T> one) {
        return Stream.generate(one).limit(2 + random.nextInt(2)).toList();
    }

    private <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static Truth truth(@Nullable Boolean value) {
        return value == null ? Truth.UNKNOWN : Truth.of(value);
    }
}
