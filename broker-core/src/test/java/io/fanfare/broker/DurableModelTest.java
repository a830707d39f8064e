package io.fanfare.broker;

import static org.assertj.core.api.Assertions.fail;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Random clients that share, take over, try to steal and lose durable subscriptions, against a simple model of what their
 * holders are promised. {@code -Dfanfare.model.seeds=10000} runs more of them, {@code -Dfanfare.model.from=SEED} begins
 * with another seed.
 */
class DurableModelTest {

    @Test
    void everyMessageIsSettledOnceByAHolderInOrderAndComesAgainOnlyAsRedelivered() {
        long first = Long.getLong("fanfare.model.from", 1);
        long count = Long.getLong("fanfare.model.seeds", 200);
        for (long seed = first; seed < first + count; seed++) {
            try {
                new DurableModelRun(new SplittableRandom(seed)).run();
            } catch (AssertionError | RuntimeException e) {
                fail("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
