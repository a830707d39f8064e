package io.fanfare.nats.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A minute with a fault every three seconds: what several nodes promise holds. {@code .ci/history} runs it for longer, with another seed.
 */
@Timeout(7_200)
class ClusterHistoryIT {

    private static final long SEED = Long.getLong("fanfare.history.seed", 20261129L);
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("fanfare.history.seconds", 60));

    @Test
    void everyPromiseHoldsWhateverFails(@TempDir Path directory) throws InterruptedException {
        assertThat(HistoryRun.violations(directory, SEED, TIME))
                .as("seed %d", SEED)
                .isEmpty();
    }
}
