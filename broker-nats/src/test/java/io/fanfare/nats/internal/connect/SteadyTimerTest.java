package io.fanfare.nats.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Await;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SteadyTimerTest {

    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(5);

    @Test
    void whatIsLateIsNotMadeUpFor() {
        SteadyTimer timer = new SteadyTimer();
        List<Long> runs = new CopyOnWriteArrayList<>();
        try {
            // the first one is late by ten periods
            timer.scheduleAtFixedRate(
                    () -> {
                        runs.add(System.nanoTime());
                        while (runs.size() == 1 && System.nanoTime() - runs.get(0) < 10 * PERIOD) {
                            Thread.onSpinWait();
                        }
                    },
                    0,
                    PERIOD,
                    TimeUnit.NANOSECONDS);
            Await.until("several have run", () -> runs.size() > 4);
        } finally {
            timer.shutdownNow();
        }
        for (int i = 2; i < 5; i++) {
            assertThat(runs.get(i) - runs.get(i - 1)).isGreaterThanOrEqualTo(PERIOD);
        }
    }
}
