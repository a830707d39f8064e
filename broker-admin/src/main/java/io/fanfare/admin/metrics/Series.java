package io.fanfare.admin.metrics;

import io.fanfare.statistics.BrokerStatistics;
import io.fanfare.statistics.Durations;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** The numbers that the last hour is kept of. Rates are per second; quantiles are of the interval before the sample. */
public enum Series {
    PUBLISHED_PER_SECOND(rate(now -> now.messages().published())),
    DELIVERED_PER_SECOND(rate(now -> now.messages().delivered())),
    REDELIVERED_PER_SECOND(rate(now -> now.messages().redelivered())),
    DROPPED_PER_SECOND(rate(now -> sum(now.messages().dropped()))),
    EXPIRED_PER_SECOND(rate(now -> now.messages().expired())),
    DEAD_LETTERED_PER_SECOND(rate(now -> sum(now.messages().deadLettered()))),
    FRAMES_RECEIVED_PER_SECOND(rate(now -> sum(now.frames().received()))),
    FRAMES_SENT_PER_SECOND(rate(now -> sum(now.frames().sent()))),
    BYTES_RECEIVED_PER_SECOND(rate(now -> now.frames().bytesReceived())),
    BYTES_SENT_PER_SECOND(rate(now -> now.frames().bytesSent())),
    CONNECTIONS(level(now -> now.connections().open())),
    CONNECTIONS_BLOCKED(level(now -> now.connections().blocked())),
    CONNECTIONS_OPENED_PER_SECOND(rate(now -> now.connections().opened())),
    CONNECTIONS_CLOSED_PER_SECOND(rate(now -> sum(now.connections().closed()))),
    CONNECTIONS_REFUSED_PER_SECOND(rate(now -> sum(now.connections().refused()))),
    TOPICS(level(now -> now.destinations().topics())),
    QUEUES(level(now -> now.destinations().queues())),
    MESSAGES_READY(level(now -> now.destinations().ready())),
    MESSAGES_UNACKNOWLEDGED(level(now -> now.destinations().unacknowledged())),
    MEMORY_BYTES(level(now -> now.memory().held())),
    MEMORY_UNDER_WAY_BYTES(level(now -> now.memory().underWay())),
    PUBLISH_TO_WRITE_P50_SECONDS(quantile(0.5, BrokerStatistics::publishToWrite)),
    PUBLISH_TO_WRITE_P99_SECONDS(quantile(0.99, BrokerStatistics::publishToWrite)),
    LOOP_LAG_P99_SECONDS(quantile(0.99, now -> all(now, BrokerStatistics.Loop::lag))),
    LOOP_TURN_P99_SECONDS(quantile(0.99, now -> all(now, BrokerStatistics.Loop::turns))),
    /** The part of the interval that all loops together were at work, 0 to 1. */
    LOOPS_BUSY(span -> span.now().loops().isEmpty()
            ? 0
            : Math.min(
                    1,
                    all(span.now(), BrokerStatistics.Loop::turns)
                                    .since(all(span.before(), BrokerStatistics.Loop::turns))
                                    .totalNanos()
                            / (1e9 * span.seconds() * span.now().loops().size())));

    /**
     * The time between two readings.
     *
     * @param seconds how long it is
     */
    record Span(BrokerStatistics before, BrokerStatistics now, double seconds) {}

    private final ToDoubleFunction<Span> value;

    Series(ToDoubleFunction<Span> value) {
        this.value = value;
    }

    double of(Span span) {
        return value.applyAsDouble(span);
    }

    /** The name in JSON, such as {@code published_per_second}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static ToDoubleFunction<Span> rate(ToLongFunction<BrokerStatistics> count) {
        return span -> (count.applyAsLong(span.now()) - count.applyAsLong(span.before())) / span.seconds();
    }

    private static ToDoubleFunction<Span> level(ToLongFunction<BrokerStatistics> value) {
        return span -> value.applyAsLong(span.now());
    }

    private static ToDoubleFunction<Span> quantile(double part, Function<BrokerStatistics, Durations> durations) {
        return span -> durations
                        .apply(span.now())
                        .since(durations.apply(span.before()))
                        .quantile(part)
                / 1e9;
    }

    private static Durations all(BrokerStatistics now, Function<BrokerStatistics.Loop, Durations> part) {
        return now.loops().stream().map(part).reduce(Durations.NONE, Durations::plus);
    }

    private static long sum(Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
