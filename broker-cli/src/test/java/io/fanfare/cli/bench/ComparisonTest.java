package io.fanfare.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfare.cli.options.AckMode;
import io.fanfare.cli.output.Colours;
import io.fanfare.frame.Headers;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static Report report(String host, long rate, long received, long p99Millis, long lost, double cores) {
        Workload workload = new Workload(
                URI.create("ws://" + host + "/ws"),
                Optional.empty(),
                Headers.EMPTY,
                "/topic/bench",
                new Workload.Clients(1, 1, 1),
                new Workload.Traffic(128, rate, Duration.ZERO, Duration.ofSeconds(1)),
                AckMode.AUTO);
        return new Report(
                workload,
                new Report.Counts(received, received, received, received + lost, received),
                new Report.Latency(1_000_000, 0, p99Millis * 1_000_000, 5_000_000, 0),
                cores,
                new Report.Trouble(0, 0, "", 0));
    }

    private static Comparison.Round round(long first, long second) {
        return new Comparison.Round(report("one", 0, first, 1, 0, 0.5), report("two", 0, second, 1, 0, 0.5));
    }

    @Test
    void theRatioIsTheMedianOfTheRoundsAndNotOfAllMeasurements() throws IOException {
        Comparison comparison = new Comparison(List.of(round(400, 100), round(50, 10), round(900, 100)));
        assertThat(comparison.text(Colours.OFF))
                .contains("first   ws://one/ws", "second  ws://two/ws", "rounds  3")
                .containsPattern("delivered per s +400 +100 +5\\.00 +4\\.00 +9\\.00");
        JsonNode ratio = new ObjectMapper().readTree(comparison.json()).at("/ratios/delivered_per_s");
        assertThat(ratio.get("median").asDouble()).isEqualTo(5);
        assertThat(ratio.get("least").asDouble()).isEqualTo(4);
        assertThat(ratio.get("most").asDouble()).isEqualTo(9);
    }

    @Test
    void theMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
        assertThat(Comparison.Spread.of(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(new Comparison.Spread(2.5, 1, 4));
    }

    @Test
    void withARateLatenciesAreCompared() {
        Comparison comparison = new Comparison(
                List.of(new Comparison.Round(report("one", 1000, 100, 3, 0, 1), report("two", 1000, 100, 6, 0, 1))));
        assertThat(comparison.text(Colours.OFF))
                .containsPattern("p99 ms +3\\.000 +6\\.000 +0\\.50")
                .doesNotContain("delivered", "bottleneck");
    }

    @Test
    void whatMakesTheNumbersDoubtfulIsSaid() {
        Comparison comparison = new Comparison(
                List.of(new Comparison.Round(report("one", 0, 100, 1, 7, 0.95), report("two", 0, 100, 1, 0, 0.5))));
        assertThat(comparison.text(Colours.OFF))
                .contains("7 deliveries of the first were lost", "not the first, may have been the bottleneck")
                .doesNotContain("of the second were", "not the second");
    }
}
