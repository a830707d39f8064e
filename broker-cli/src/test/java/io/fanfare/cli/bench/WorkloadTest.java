package io.fanfare.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.cli.bench.Workload.Traffic;
import io.fanfare.cli.options.BytesConverter;
import io.fanfare.cli.options.DurationConverter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times at which messages are due, the measured part, and the window of publishers. */
class WorkloadTest {

    @Test
    void messagesAreDueAtEvenDistances() {
        Traffic traffic = traffic(1000);

        assertThat(traffic.due(0)).isZero();
        assertThat(traffic.due(1)).isEqualTo(1_000_000);
        assertThat(traffic.due(3_000_000)).isEqualTo(3_000_000_000_000L);
    }

    @Test
    void warmUpDoesNotCountAndTheEndDoesNotEither() {
        Traffic traffic = traffic(1000);

        assertThat(traffic.counts(1_999_999_999L)).isFalse();
        assertThat(traffic.counts(2_000_000_000L)).isTrue();
        assertThat(traffic.counts(4_999_999_999L)).isTrue();
        assertThat(traffic.counts(5_000_000_000L)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1,3", "3,9", "7,21", "1000,3000", "999983,2999949"})
    void asManyMessagesArePlannedAsTheRateAndTheDurationSay(long rate, long planned) {
        assertThat(traffic(rate).planned()).isEqualTo(planned);
    }

    @ParameterizedTest(name = "{0} subscribers, {1} bytes: {2} messages")
    @CsvSource({"1,128,682", "100,128,200", "10000,128,16", "1,1048576,1"})
    void windowIsBoundedByDeliveriesAndByBytes(int subscribers, long size, long window) {
        assertThat(BenchDestination.window(subscribers, size)).isEqualTo(window);
    }

    @ParameterizedTest
    @CsvSource({"500ms,500", "10s,10000", "10,10000", "1m,60000", "2h,7200000"})
    void timesHaveUnits(String text, long millis) {
        assertThat(new DurationConverter().convert(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"128,128", "128B,128", "1KiB,1024", "1kib,1024", "1MiB,1048576"})
    void sizesHaveUnits(String text, long bytes) {
        assertThat(new BytesConverter().convert(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "63", "64", "123456789", "86400000000000"})
    void stampComesBackAsItWent(long nanos) {
        byte[] body = new byte[10];
        Timestamp.write(nanos, body, 1);

        assertThat(Timestamp.read(body, 1)).isEqualTo(nanos);
        assertThat(body[0]).isZero();
        assertThat(body[9]).isZero();
        for (int i = 1; i < 9; i++) {
            assertThat(body[i]).isBetween((byte) ' ', (byte) '~');
        }
    }

    private static Traffic traffic(long rate) {
        return new Traffic(128, rate, Duration.ofSeconds(2), Duration.ofSeconds(3));
    }
}
