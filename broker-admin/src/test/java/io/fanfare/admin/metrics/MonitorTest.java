package io.fanfare.admin.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfare.broker.Broker;
import io.fanfare.frame.Headers;
import io.fanfare.loop.Framing;
import io.fanfare.statistics.Refusal;
import io.fanfare.testing.Await;
import io.fanfare.testing.FakeConnection;
import io.fanfare.testing.HandLoop;
import io.fanfare.testing.Received;
import io.fanfare.testing.Transcript;
import io.fanfare.testing.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Samples of a broker, each second by a clock that the test moves, and the subscribers that get them. */
class MonitorTest {

    private final Broker broker = new Broker();
    private final HandLoop loop = new HandLoop();
    private Duration time = Duration.ZERO;
    private final Monitor monitor = new Monitor(
            broker, () -> time.toNanos(), () -> Instant.ofEpochSecond(1_000_000).plus(time));

    @AfterEach
    void close() {
        monitor.close();
    }

    private void ticks(int seconds) {
        for (int i = 0; i < seconds; i++) {
            monitor.tick();
            loop.takeTurn();
            time = time.plusSeconds(1);
        }
    }

    private FakeConnection subscriber(String destination) {
        FakeConnection client = new FakeConnection(Framing.TCP, loop, "127.0.0.1");
        loop.run(() -> {
            client.session(broker.open(loop, client));
            client.session()
                    .receive(ByteBuffer.wrap(Transcript.bytes("CONNECT\naccept-version:1.2\nhost:h\n\n^@"
                            + "SUBSCRIBE\nid:0\ndestination:" + destination + "\n\n^@")));
        });
        loop.takeTurn();
        return client;
    }

    private static List<JsonNode> messages(FakeConnection client) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<Received> all = Wire.read(client.taken(), Framing.TCP);
        List<JsonNode> bodies = new ArrayList<>();
        for (Received received : all) {
            if (received.command().equals("MESSAGE")) {
                assertThat(received.header("content-type")).isEqualTo("application/json");
                bodies.add(json.readTree(received.body()));
            }
        }
        return bodies;
    }

    @Test
    void theFirstReadingIsNoSample() {
        ticks(1);
        assertThat(monitor.history().after(0, History.SAMPLES)).containsEntry("times", List.of());
        ticks(1);
        assertThat(monitor.history().after(0, History.SAMPLES)).containsEntry("times", List.of(1_000_001_000L));
    }

    @Test
    void aTickThatMakesUpForALateOneIsNoSample() {
        ticks(2);
        time = time.minusMillis(501);
        monitor.tick();
        assertThat(monitor.history().after(0, History.SAMPLES)).containsEntry("times", List.of(1_000_001_000L));
        time = time.plusMillis(1);
        monitor.tick();
        assertThat(monitor.history().after(0, History.SAMPLES))
                .containsEntry("times", List.of(1_000_001_000L, 1_000_001_500L));
    }

    @Test
    void eachSampleIsPublishedWhileAClientIsSubscribed() throws IOException {
        ticks(3);
        FakeConnection client = subscriber("/stats/overview");
        broker.publish("/queue/a", Headers.EMPTY, "hi".getBytes(UTF_8));
        broker.refused(Refusal.ORIGIN, "192.0.2.1:7", "");
        ticks(2);
        List<JsonNode> got = messages(client);
        assertThat(got).hasSize(2);
        JsonNode first = got.get(0);
        assertThat(first.get("time").asLong()).isEqualTo(1_000_003_000L);
        assertThat(first.get("published_per_second").asDouble()).isEqualTo(1);
        assertThat(first.get("connections").asDouble()).isEqualTo(1);
        assertThat(first.get("refused").get("origin").asLong()).isEqualTo(1);
        assertThat(first.get("closed").get("lost").asLong()).isZero();
        assertThat(first.get("memory_limit_bytes").asLong()).isPositive();
        assertThat(got.get(1).get("published_per_second").asDouble()).isZero();
        for (Series series : Series.values()) {
            assertThat(first.has(series.key())).as(series.key()).isTrue();
        }
        loop.run(client::abort);
        loop.takeTurn();
        ticks(1);
        assertThat(messages(client)).hasSize(2);
    }

    @Test
    void theDeepestQueuesArePublishedToThoseWhoAsk() throws IOException {
        FakeConnection client = subscriber("/stats/queues");
        broker.publish("/queue/a", Headers.EMPTY, "hi".getBytes(UTF_8));
        ticks(2);
        List<JsonNode> got = messages(client);
        assertThat(got).hasSize(1);
        assertThat(got.get(0).get("count").asInt()).isEqualTo(1);
        JsonNode queue = got.get(0).get("deepest").get(0);
        assertThat(queue.get("destination").asText()).isEqualTo("/queue/a");
        assertThat(queue.get("ready").asInt()).isEqualTo(1);
        assertThat(queue.get("consumers").asInt()).isZero();
    }

    @Test
    void anHourOfSamplesIsKept() {
        ticks(History.SAMPLES + 10);
        List<?> times = (List<?>) monitor.history().after(0, History.SAMPLES).get("times");
        assertThat(times).hasSize(History.SAMPLES);
        assertThat(times.get(0)).isEqualTo(1_000_000_000L + 10 * 1_000L);
    }

    @Test
    void aStartedMonitorTakesSamplesByItself() {
        try (Monitor started = Monitor.start(broker)) {
            Await.until(
                    "a sample",
                    () -> !started.history().after(0, 1).get("times").equals(List.of()));
        }
    }

    @Test
    void aClosedMonitorHasNoThread() {
        for (int i = 0; i < 200; i++) {
            Monitor.start(broker).close();
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("fanfare-monitor");
        }
    }
}
