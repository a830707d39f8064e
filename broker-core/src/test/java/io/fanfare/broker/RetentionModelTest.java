package io.fanfare.broker;

import static org.assertj.core.api.Assertions.fail;

import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Random viewers of topics that keep last values and histories, against a simple model of what these are. {@code
 * -Dfanfare.model.seeds=10000} runs more of them, {@code -Dfanfare.model.from=SEED} begins with another seed.
 */
class RetentionModelTest {

    @Test
    @DisplayName(
            "a client that applies all it gets holds the newest values; one that resumes misses nothing, or is told so")
    void everyViewerHoldsTheNewestValues() {
        long first = Long.getLong("fanfare.model.from", 1);
        long count = Long.getLong("fanfare.model.seeds", 200);
        for (long seed = first; seed < first + count; seed++) {
            try {
                new RetentionModelRun(new SplittableRandom(seed)).run();
            } catch (AssertionError | RuntimeException e) {
                fail("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
