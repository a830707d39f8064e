package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfare.testing.Transcript;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Measures with {@code fanfare bench} what other clients notice of an attack, before and during it, and prints both: their
 * latency, or the rate of a publisher at full speed. It is a measurement, so only {@code .ci/overload} runs it.
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

    @ParameterizedTest
    @ValueSource(strings = {"overflow:disconnect", "overflow:drop-oldest", "overflow:conflate", "max-rate:10"})
    void othersKeepTheirRateBeside100StalledReaders(String header) throws Exception {
        try (Fanfare serve = Fanfare.run("serve", "--port", "0", "--stomp-port", "0")) {
            Matcher ready = serve.printed("ready ws=(ws://[^:]+:(\\d+)/ws) tcp=[^:]+:(\\d+).*");
            String[] load = {"--subs=100", "--size=1KiB", "--destination=/topic/flood"};
            // what the broker has never done before is compiled first
            bench(ready.group(1), load);
            JsonNode before = bench(ready.group(1), load);
            List<Socket> stalled = new ArrayList<>();
            try {
                for (int i = 0; i < 100; i++) {
                    stalled.add(Attack.open(Integer.parseInt(ready.group(3)), 4 << 10));
                    stalled.get(i).getOutputStream().write(Attack.CONNECT);
                    stalled.get(i)
                            .getOutputStream()
                            .write(Transcript.bytes(
                                    "SUBSCRIBE\nid:0\ndestination:/topic/flood.#\n" + header + "\n\n^@"));
                }
                JsonNode during = bench(ready.group(1), load);
                System.out.printf(
                        "overload: 100 stalled, %s: %,.0f messages/s before, %,.0f during: %.2f%n",
                        header, rate(before), rate(during), rate(during) / rate(before));
                assertThat(during.path("disconnected").asInt()).isZero();
                assertThat(during.path("lost").asLong()).isZero();
            } finally {
                Attack.closeAll(stalled);
            }
        }
    }

    private static double rate(JsonNode report) {
        return report.path("delivered_per_s").asDouble();
    }

    private static double millis(JsonNode report, String percentile) {
        return report.path("latency_us").path(percentile).asDouble() / 1_000;
    }

    private static JsonNode bench(String url) throws Exception {
        return bench(url, "--subs=50", "--rate=200");
    }

    private static JsonNode bench(String url, String... load) throws Exception {
        List<String> words =
                new ArrayList<>(List.of("bench", "--url", url, "--json", "--warm-up=1s", "--duration=" + DURATION));
        words.addAll(List.of(load));
        try (Fanfare bench = Fanfare.run(words.toArray(String[]::new))) {
            assertThat(bench.exitCode()).as("%s", bench).isZero();
            return new ObjectMapper().readTree(bench.out().get(0));
        }
    }
}
