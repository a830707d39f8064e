package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Objects;
import java.util.regex.Matcher;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Measures the latency of other clients with {@code fanfare bench} before and during an attack, and prints both. It is a
 * measurement, so only {@code .ci/overload} runs it.
 */
class Overload {

    private static final String DURATION = Objects.requireNonNullElse(System.getenv("OVERLOAD"), "15s");

    @ParameterizedTest
    @EnumSource
    void othersGetEverythingDuring(Attack.Kind kind) throws Exception {
        try (Fanfare serve = Fanfare.run("serve", "--port", "0", "--stomp-port", "0")) {
            Matcher ready = serve.printed("ready ws=(ws://[^:]+:(\\d+)/ws) tcp=[^:]+:(\\d+).*");
            String url = ready.group(1);
            try (Attack attack =
                    Attack.prepared(kind, Integer.parseInt(ready.group(2)), Integer.parseInt(ready.group(3)))) {
                JsonNode before = bench(url);
                attack.begin();
                // what the broker has never done before is compiled first
                bench(url);
                JsonNode during = bench(url);
                System.out.printf(
                        "overload: %s p50 %.1f ms before, %.1f during; p99 %.1f before, %.1f during; max %.1f; %,d blows%n",
                        kind,
                        millis(before, "p50"),
                        millis(during, "p50"),
                        millis(before, "p99"),
                        millis(during, "p99"),
                        millis(during, "max"),
                        attack.blows());
                assertThat(attack.blows()).isPositive();
                assertThat(during.path("disconnected").asInt()).isZero();
                assertThat(during.path("lost").asLong()).isZero();
            }
        }
    }

    private static double millis(JsonNode report, String percentile) {
        return report.path("latency_us").path(percentile).asDouble() / 1_000;
    }

    private static JsonNode bench(String url) throws Exception {
        try (Fanfare bench = Fanfare.run(
                "bench", "--url", url, "--json", "--subs=50", "--rate=200", "--warm-up=1s", "--duration=" + DURATION)) {
            assertThat(bench.exitCode()).as("%s", bench).isZero();
            return new ObjectMapper().readTree(bench.out().get(0));
        }
    }
}
