package io.fanfare.broker;

import static org.assertj.core.api.Assertions.fail;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Random subscribers of topics that are paced, slow, or both, against a simple model of what they may miss.
 * {@code -Dfanfare.model.seeds=10000} runs more of them than {@code verify} has time for, {@code -Dfanfare.model.from=SEED}
 * begins with another seed.
 */
class TopicModelTest {

    @Test
    void everySubscriberEndsWithTheNewestInOrderAndKnowsWhatItMissed() {
        long first = Long.getLong("fanfare.model.from", 1);
        long count = Long.getLong("fanfare.model.seeds", 50);
        for (long seed = first; seed < first + count; seed++) {
            try {
                new TopicModelRun(new SplittableRandom(seed)).run();
            } catch (AssertionError | RuntimeException e) {
                fail("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
