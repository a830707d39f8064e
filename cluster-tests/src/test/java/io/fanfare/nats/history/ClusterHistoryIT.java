package io.fanfare.nats.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Twenty seconds with a fault every three, of one NATS server at a time: what several nodes promise holds. {@code .ci/run} takes a
 * minute for it, {@code .ci/history} longer, with another seed.
 */
@Timeout(7_200)
class ClusterHistoryIT {

    private static final long SEED = Long.getLong("fanfare.history.seed", 20261129L);
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("fanfare.history.seconds", 20));

    private static final boolean ON_MACHINES = Boolean.getBoolean("fanfare.history.namespaces");
    private static final boolean SEVERAL = Boolean.getBoolean("fanfare.history.several");

    @Test
    void everyPromiseHoldsWhateverFails(@TempDir Path directory) throws InterruptedException {
        try (Machines machines = ON_MACHINES ? new Machines(Cluster.SIZE) : null) {
            assertThat(HistoryRun.violations(directory, SEED, TIME, machines, SEVERAL))
                    .as("seed %d", SEED)
                    .isEmpty();
        }
    }
}
