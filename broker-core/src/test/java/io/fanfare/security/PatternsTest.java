package io.fanfare.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What lies inside or touches a pattern, compared with all names there are: short ones of few words. */
class PatternsTest {

    private static final Principal NOBODY = Principal.of("");
    private static final int ROUNDS = 2_000;

    @Test
    void aPatternInsideAnotherHasNoNameOutsideAndOneBesideItNoneInside() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> names = names();
        for (int round = 0; round < ROUNDS; round++) {
            String rule = pattern(random);
            String asked = pattern(random);
            Pattern mine = regex(rule);
            Pattern its = regex(asked);
            List<String> all =
                    names.stream().filter(name -> its.matcher(name).matches()).toList();
            DestinationPattern compiled = DestinationPattern.ofRule("/topic/" + rule);
            DestinationPattern question = DestinationPattern.asked("/topic/" + asked);
            assertThat(compiled.contains(question, NOBODY))
                    .as("seed %d: %s contains %s", seed, rule, asked)
                    .isEqualTo(all.stream().allMatch(name -> mine.matcher(name).matches()));
            assertThat(compiled.overlaps(question, NOBODY))
                    .as("seed %d: %s overlaps %s", seed, rule, asked)
                    .isEqualTo(all.stream().anyMatch(name -> mine.matcher(name).matches()));
        }
    }

    /** All names of up to four words; one of the words is in no pattern. */
    private static List<String> names() {
        List<String> names = new ArrayList<>(List.of("a", "b", "c"));
        int from = 0;
        for (int words = 2; words <= 4; words++) {
            int to = names.size();
            for (int i = from; i < to; i++) {
                for (String word : new String[] {".a", ".b", ".c", "/a", "/b", "/c"}) {
                    names.add(names.get(i) + word);
                }
            }
            from = to;
        }
        return names;
    }

    /** Up to three words. */
    private static String pattern(Random random) {
        StringBuilder pattern = new StringBuilder();
        int words = 1 + random.nextInt(3);
        for (int i = 0; i < words; i++) {
            boolean last = i == words - 1;
            pattern.append(i == 0 ? "" : random.nextBoolean() ? "." : "/")
                    .append(
                            last && random.nextInt(3) == 0
                                    ? "#"
                                    : List.of("a", "b", "*").get(random.nextInt(3)));
        }
        return pattern.toString();
    }

    private static Pattern regex(String pattern) {
        StringBuilder regex = new StringBuilder();
        String separator = "";
        for (String token : pattern.split("(?<=[./])|(?=[./])")) {
            if (token.equals(".") || token.equals("/")) {
                separator = Pattern.quote(token);
            } else if (token.equals("#")) {
                regex.append(separator.isEmpty() ? ".*" : "(" + separator + ".*)?");
            } else {
                regex.append(separator).append(token.equals("*") ? "[^./]+" : token);
            }
        }
        return Pattern.compile(regex.toString());
    }
}
