package io.fanfare.cli.operate;

import static io.fanfare.cli.operate.ResourceTest.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfare.cli.output.Colours;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The screen of top, from what a broker told. */
class TopScreenTest {

    private static final TopScreen SCREEN =
            new TopScreen(InstantSource.fixed(Instant.parse("2026-11-28T12:00:01Z")), ZoneOffset.UTC, Colours.OFF);

    private static final String OVERVIEW = "{'uptime_ms':61000,'connections':3,'topics':2,'queues':0,"
            + "'memory_bytes':2048,'max_memory_bytes':1073741824,'memory_full':false,'draining':false}";

    private static final String RATES =
            "{'published_per_second':12.5,'delivered_per_second':1234,'dropped_per_second':0,"
                    + "'bytes_received_per_second':1024,'bytes_sent_per_second':2048,'connections_blocked':1,'messages_ready':7,"
                    + "'messages_unacknowledged':2,'loops_busy':0.25,'loop_lag_p99_seconds':0.0015,"
                    + "'publish_to_write_p99_seconds':0.002}";

    private static JsonNode topic(String name, long in, long out, long subscribers) {
        return json("{'destination':'" + name + "','messages_in':" + in + ",'messages_out':" + out + ",'subscribers':"
                + subscribers + "}");
    }

    private static TopSample sample(
            double seconds, Map<TopTable, Integer> orders, @Nullable TopSample before, JsonNode... topics) {
        return new TopSample(
                (long) (seconds * 1e9),
                json(OVERVIEW),
                (ObjectNode) json(RATES),
                Map.of(TopTable.TOPICS, List.of(topics)),
                orders,
                before);
    }

    private static List<String> names(TopSample sample) {
        return sample.rows(TopTable.TOPICS).stream()
                .map(row -> row.item().path("destination").asText())
                .toList();
    }

    @Test
    void rowsAreSortedByWhatCameInThatSecond() {
        TopSample before = sample(1, Map.of(), null, topic("/topic/a", 1_000, 0, 1), topic("/topic/b", 10, 0, 1));
        TopSample now = sample(3, Map.of(), before, topic("/topic/a", 1_010, 0, 1), topic("/topic/b", 50, 0, 1));

        assertThat(names(now)).containsExactly("/topic/b", "/topic/a");
        assertThat(SCREEN.lines(now, 200, 40, "http://h", "")).anyMatch(line -> line.matches("/topic/b +20 +0.0 +1"));
    }

    @Test
    void anotherOrderPutsOthersFirst() {
        TopSample now =
                sample(1, Map.of(TopTable.TOPICS, 2), null, topic("/topic/a", 9, 0, 1), topic("/topic/b", 1, 0, 5));

        assertThat(names(now)).containsExactly("/topic/b", "/topic/a");
        assertThat(SCREEN.lines(now, 200, 40, "http://h", "")).contains("1 2 topics by subscribers");
        TopSample again = sample(1, Map.of(TopTable.TOPICS, 3), null);
        assertThat(again.order(TopTable.TOPICS).title()).isEqualTo("in/s");
    }

    @Test
    void aTopicThatWentAndCameBackHasNoRateBelowZero() {
        TopSample before = sample(1, Map.of(), null, topic("/topic/a", 1_000, 0, 1));
        TopSample now = sample(2, Map.of(), before, topic("/topic/a", 3, 0, 1));

        assertThat(now.rows(TopTable.TOPICS)
                        .get(0)
                        .number(TopTable.TOPICS.orders().get(0)))
                .isZero();
    }

    @Test
    void theHeadHasTheWholeBroker() {
        List<String> lines = SCREEN.lines(sample(1, Map.of(), null), 200, 24, "http://h/api/v1", "q ends");

        assertThat(lines.subList(0, 3))
                .containsExactly(
                        "fanfare top  12:00:01  http://h/api/v1",
                        "up 1 min 1 s  published 13/s  delivered 1,234/s  dropped 0.0/s  1.0 KiB/s in  2.0 KiB/s out",
                        "connections 3 (1 blocked)  ready 7  unacknowledged 2  memory 2.0 KiB of 1.0 GiB"
                                + "  loops busy 25 %  lag p99 1.5 ms  publish to write p99 2.0 ms");
        assertThat(lines).last().isEqualTo("q ends");
    }

    @Test
    void noLineIsWiderThanTheScreenAndTheRowsFit() {
        JsonNode[] topics = IntStream.range(0, 100)
                .mapToObj(i -> topic("/topic/" + "x".repeat(100) + i, i, 0, 1))
                .toArray(JsonNode[]::new);
        TopSample sample = sample(1, Map.of(), null, topics);

        for (int height : new int[] {24, 25, 26, 60}) {
            assertThat(SCREEN.lines(sample, 40, height, "http://h", "q ends"))
                    .hasSizeLessThanOrEqualTo(height)
                    .allMatch(line -> line.length() <= 40);
        }
    }

    @Test
    void withoutATerminalThereIsALineForEachLook() {
        assertThat(SCREEN.line(sample(1, Map.of(), null)))
                .isEqualTo("12:00:01  connections 3  published 13/s  delivered 1,234/s  dropped 0.0/s  ready 7"
                        + "  memory 2.0 KiB  loops busy 25 %  lag p99 1.5 ms  publish to write p99 2.0 ms");
    }
}
