package io.fanfare.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.Broker;
import io.fanfare.frame.Headers;
import io.fanfare.statistics.BrokerStatistics;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryTest {

    private final Broker broker = new Broker();
    private BrokerStatistics before = broker.statistics(0);

    /** Publishes so many messages within so many seconds, and takes the sample. */
    private void sample(History history, long time, int messages, double seconds) {
        for (int i = 0; i < messages; i++) {
            broker.publish("/queue/a", Headers.EMPTY, new byte[0]);
        }
        BrokerStatistics now = broker.statistics(0);
        history.add(Instant.ofEpochMilli(time), new Series.Span(before, now, seconds));
        before = now;
    }

    @SuppressWarnings("unchecked")
    private static List<Double> series(Map<String, Object> map, Series series) {
        return ((Map<String, List<Double>>) map.get("series")).get(series.key());
    }

    @Test
    void beforeTheFirstSampleThereIsNothing() {
        History history = new History(3);
        assertThat(history.after(0, History.SAMPLES)).containsEntry("times", List.of());
        assertThat(series(history.after(0, History.SAMPLES), Series.CONNECTIONS))
                .isEmpty();
    }

    @Test
    void aRateIsPerSecondOfTheTimeThatHasPassed() {
        History history = new History(3);
        sample(history, 1_000, 10, 1);
        sample(history, 3_000, 10, 2);
        Map<String, Object> map = history.after(0, History.SAMPLES);
        assertThat(map).containsEntry("times", List.of(1_000L, 3_000L));
        assertThat(series(map, Series.PUBLISHED_PER_SECOND)).containsExactly(10.0, 5.0);
        assertThat(series(map, Series.MESSAGES_READY)).containsExactly(10.0, 20.0);
        assertThat(series(map, Series.QUEUES)).containsExactly(1.0, 1.0);
    }

    @Test
    void theOldestSamplesGoWhenTheArraysAreFull() {
        History history = new History(3);
        for (int i = 1; i <= 3; i++) {
            sample(history, i, i, 1);
        }
        assertThat(series(history.after(0, History.SAMPLES), Series.PUBLISHED_PER_SECOND))
                .containsExactly(1.0, 2.0, 3.0);
        sample(history, 4, 4, 1);
        assertThat(history.after(0, History.SAMPLES)).containsEntry("times", List.of(2L, 3L, 4L));
        assertThat(series(history.after(0, History.SAMPLES), Series.PUBLISHED_PER_SECOND))
                .containsExactly(2.0, 3.0, 4.0);
        assertThat(series(history.after(0, 2), Series.PUBLISHED_PER_SECOND)).containsExactly(3.0, 4.0);
        assertThat(history.last()).containsEntry("published_per_second", 4.0).containsEntry("time", 4L);
    }

    @Test
    void eachSeriesHasAsManyNumbersAsThereAreTimes() {
        History history = new History(3);
        sample(history, 1, 1, 1);
        sample(history, 2, 1, 1);
        for (Series series : Series.values()) {
            assertThat(series(history.after(0, History.SAMPLES), series))
                    .as(series.key())
                    .hasSize(2)
                    .allMatch(Double::isFinite);
        }
    }

    @Test
    void numbersAreRoundedToAMicrosecond() {
        assertThat(History.rounded(1.0 / 3)).isEqualTo(0.333333);
        assertThat(History.rounded(0.00001)).isEqualTo(0.00001);
        assertThat(History.rounded(5_000_000_000.0)).isEqualTo(5_000_000_000.0);
    }

    @Test
    void whatIsNewerThanASampleComesByItself() {
        History history = new History(3);
        for (int i = 1; i <= 4; i++) {
            sample(history, i, i, 1);
        }
        assertThat(history.after(0, History.SAMPLES)).containsEntry("times", List.of(2L, 3L, 4L));
        assertThat(series(history.after(3, History.SAMPLES), Series.PUBLISHED_PER_SECOND))
                .containsExactly(4.0);
        assertThat(history.after(4, History.SAMPLES)).containsEntry("times", List.of());
    }
}
