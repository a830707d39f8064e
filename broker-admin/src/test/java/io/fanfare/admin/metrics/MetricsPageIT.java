package io.fanfare.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.fanfare.broker.Broker;
import io.fanfare.frame.Headers;
import io.fanfare.testing.Await;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code /metrics} says of a server that clients have used over sockets. */
class MetricsPageIT {

    @RegisterExtension
    static final LoadedServer SERVER = new LoadedServer();

    @Test
    void theValuesAreThoseOfTheTraffic() {
        Await.until(
                "the end of the third client", () -> SERVER.running().broker().sessionCount() == 2);
        PageText page = SERVER.page();
        assertThat(page.value("fanfare_connections")).isEqualTo(2);
        assertThat(page.value("fanfare_connections_opened_total")).isEqualTo(3);
        assertThat(page.value("fanfare_connections_closed_total", "reason", "protocol-error"))
                .isEqualTo(1);
        assertThat(page.value("fanfare_messages_published_total", "to", "topic"))
                .isEqualTo(11);
        assertThat(page.value("fanfare_messages_published_total", "to", "queue"))
                .isEqualTo(2);
        assertThat(page.value("fanfare_messages_delivered_total")).isEqualTo(10);
        assertThat(page.value("fanfare_messages_dropped_total", "reason", "no-subscriber"))
                .isEqualTo(1);
        assertThat(page.value("fanfare_frames_received_total", "command", "SEND"))
                .isEqualTo(13);
        assertThat(page.value("fanfare_frames_sent_total", "command", "MESSAGE"))
                .isEqualTo(10);
        assertThat(page.value("fanfare_frames_sent_total", "command", "ERROR")).isEqualTo(1);
        assertThat(page.value("fanfare_received_bytes_total")).isGreaterThan(13 * 30);
        assertThat(page.value("fanfare_sent_bytes_total")).isGreaterThan(10 * 80);
        assertThat(page.value("fanfare_topics")).isEqualTo(1);
        assertThat(page.value("fanfare_queues")).isEqualTo(2);
        assertThat(page.value("fanfare_queue_messages_ready", "queue", "/queue/a"))
                .isEqualTo(1);
        assertThat(page.value("fanfare_memory_held_bytes"))
                .isEqualTo(SERVER.running().broker().memoryBytes());
    }

    @Test
    void histogramsAreCumulativeAndEndWithAll() {
        PageText page = SERVER.page();
        for (String name :
                List.of("fanfare_publish_to_write_seconds", "fanfare_loop_turn_seconds", "fanfare_loop_lag_seconds")) {
            List<Double> buckets = page.named(name + "_bucket").stream()
                    .map(PageText.Sample::value)
                    .toList();
            assertThat(buckets).as(name).hasSize(20).isSorted();
            assertThat(page.value(name + "_bucket", "le", "+Inf"))
                    .as(name)
                    .isPositive()
                    .isEqualTo(page.value(name + "_count"));
            assertThat(page.value(name + "_sum")).as(name).isPositive();
        }
    }

    @Test
    void theBusyTimeOfEachLoopIsItsOwn() {
        PageText page = SERVER.page();
        double loops = page.value("fanfare_loops");
        assertThat(loops).isBetween(1.0, 2.0);
        assertThat(page.named("fanfare_loop_busy_seconds_total"))
                .hasSize((int) loops)
                .allMatch(each -> each.value() > 0);
    }

    @Test
    void queuesBeyondTheNumberAreOthers() {
        Broker broker = new Broker();
        for (int queue = 1; queue <= 5; queue++) {
            for (int message = 0; message < queue; message++) {
                broker.publish("/queue/q" + queue, Headers.EMPTY, new byte[0]);
            }
        }
        PageText page = new PageText(new MetricsPage(broker, 2).scrape());
        assertThat(page.named("fanfare_queue_messages_ready"))
                .extracting(each -> each.labels().get("queue"), PageText.Sample::value)
                .containsExactlyInAnyOrder(tuple("/queue/q5", 5.0), tuple("/queue/q4", 4.0), tuple("other", 6.0));
        double bytes = page.named("fanfare_queue_memory_bytes").stream()
                .mapToDouble(PageText.Sample::value)
                .sum();
        assertThat(broker.memoryBytes() - bytes)
                .as("what is counted beside the messages: their places and the queues")
                .isBetween(15 * 96.0, 15 * 96.0 + 5 * 2_000);
    }

    @Test
    void theQueuesOfThePageAreThoseOfTheMoment() {
        Broker broker = new Broker();
        MetricsPage page = new MetricsPage(broker, 1);
        broker.publish("/queue/a", Headers.EMPTY, new byte[0]);
        assertThat(new PageText(page.scrape()).value("fanfare_queue_messages_ready", "queue", "/queue/a"))
                .isEqualTo(1);
        broker.publish("/queue/b", Headers.EMPTY, new byte[0]);
        broker.publish("/queue/b", Headers.EMPTY, new byte[0]);
        PageText after = new PageText(page.scrape());
        assertThat(after.value("fanfare_queue_messages_ready", "queue", "/queue/b"))
                .isEqualTo(2);
        assertThat(after.value("fanfare_queue_messages_ready", "queue", "other"))
                .isEqualTo(1);
        assertThat(after.named("fanfare_queue_messages_ready")).hasSize(2);
    }

    // ---- an embedder's registry -----------------------------------------------------------------------------------

    @Test
    void oneCallBindsAllToARegistryOfAnyKind() {
        MeterRegistry registry = new SimpleMeterRegistry();
        new FanfareMetrics(SERVER.running().broker()).bindTo(registry);
        assertThat(registry.get("fanfare.messages.published")
                        .tag("to", "topic")
                        .functionCounter()
                        .count())
                .isEqualTo(11);
        assertThat(registry.get("fanfare.connections").gauge().value()).isGreaterThanOrEqualTo(2);
        assertThat(registry.get("fanfare.queue.messages.ready")
                        .tag("queue", "/queue/a")
                        .gauge()
                        .value())
                .isEqualTo(1);
        var way = registry.get("fanfare.publish.to.write").functionTimer();
        assertThat(way.count()).isPositive();
        assertThat(way.totalTime(TimeUnit.SECONDS)).isPositive();
    }

    @Test
    void ofACompositeEachRegistryGetsTheTimesInItsWay() {
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        SimpleMeterRegistry simple = new SimpleMeterRegistry();
        new FanfareMetrics(SERVER.running().broker())
                .bindTo(new CompositeMeterRegistry(Clock.SYSTEM, List.of(prometheus, simple)));
        assertThat(prometheus.scrape()).contains("fanfare_publish_to_write_seconds_bucket{le=");
        assertThat(simple.get("fanfare.publish.to.write").functionTimer().count())
                .isPositive();
    }

    @Test
    void aNegativeNumberOfQueuesIsRefused() {
        assertThatThrownBy(() -> new FanfareMetrics(SERVER.running().broker(), -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }
}
