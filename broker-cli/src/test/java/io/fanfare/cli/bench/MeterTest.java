package io.fanfare.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Counts messages and their latency; the run warms up for one second and measures for one. */
class MeterTest {

    private static final long MILLI = 1_000_000;

    private final Meter meter =
            new Meter(new Workload.Traffic(128, 1000, Duration.ofSeconds(1), Duration.ofSeconds(1)));

    @Test
    void messageIsAsLateAsItCameAfterItsTime() {
        meter.sent(1500 * MILLI, 1700 * MILLI);
        meter.received(1500 * MILLI, 1800 * MILLI);

        assertThat(meter.sent()).isEqualTo(1);
        assertThat(meter.received()).isEqualTo(1);
        assertThat(late(meter.latency().getMaxValue())).isEqualTo(300);
    }

    @Test
    void messageOfTheWarmUpCountsForTheRateWhenItComesLaterButNotForTheLatency() {
        meter.sent(999 * MILLI, 999 * MILLI);
        meter.received(999 * MILLI, 1001 * MILLI);

        assertThat(meter.sent()).isZero();
        assertThat(meter.received()).isZero();
        assertThat(meter.receivedInTime()).isEqualTo(1);
        assertThat(meter.latency().getTotalCount()).isZero();
    }

    @Test
    void messageThatComesAfterTheEndIsNotLostAndLate() {
        meter.sent(1999 * MILLI, 1999 * MILLI);
        meter.received(1999 * MILLI, 2999 * MILLI);

        assertThat(meter.received()).isEqualTo(1);
        assertThat(meter.receivedInTime()).isZero();
        assertThat(late(meter.latency().getMaxValue())).isEqualTo(1000);
    }

    @Test
    void messageThatIsGivenUpIsLateForAllItWasFor() {
        meter.givenUp(1000 * MILLI, 7000 * MILLI, 5);
        meter.givenUp(999 * MILLI, 7000 * MILLI, 5);

        assertThat(meter.unsent()).isEqualTo(1);
        assertThat(meter.latency().getTotalCount()).isEqualTo(5);
        assertThat(late(meter.latency().getMinValue())).isEqualTo(6000);
    }

    /** Milliseconds, rounded to the three digits of the histogram. */
    private static long late(long nanos) {
        return Math.round(nanos / (double) MILLI / 10) * 10;
    }
}
