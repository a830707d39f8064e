package io.fanfare.admin.metrics;

import io.fanfare.statistics.BrokerStatistics;
import io.fanfare.statistics.QueueStatistics;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of single queues: of those with the most messages one row each, and one for all others together, so that
 * the number of series does not depend on the number of queues that clients make.
 */
final class QueueMeters {

    /** No queue is called so: names begin with a slash. */
    private static final String OTHER = "other";

    private final List<Rows> meters;
    private volatile Map<String, QueueStatistics> queues = Map.of();

    private record Rows(MultiGauge gauge, ToDoubleFunction<QueueStatistics> value) {}

    private QueueMeters(Meters meters) {
        this.meters = List.of(
                rows(meters, "messages.ready", null, "Messages that no consumer has", QueueStatistics::ready),
                rows(
                        meters,
                        "messages.unacknowledged",
                        null,
                        "Messages that consumers have and have not settled",
                        QueueStatistics::unacknowledged),
                rows(meters, "memory", "bytes", "About what its messages take", QueueStatistics::bytes),
                rows(meters, "consumers", null, "Consumers", QueueStatistics::consumers));
    }

    static void bind(Meters meters) {
        meters.reading().whenRead(new QueueMeters(meters)::update);
    }

    private static Rows rows(
            Meters meters,
            String name,
            @Nullable String unit,
            String description,
            ToDoubleFunction<QueueStatistics> value) {
        MultiGauge gauge = MultiGauge.builder(Meters.name("queue." + name))
                .description(description)
                .baseUnit(unit)
                .register(meters.registry());
        return new Rows(gauge, value);
    }

    /** The set of rows changes with the set of queues; the values are read at the scrape. */
    private synchronized void update(BrokerStatistics now) {
        Map<String, QueueStatistics> fresh = new LinkedHashMap<>();
        now.queues().forEach(queue -> fresh.put(queue.destination(), queue));
        fresh.put(OTHER, others(now));
        boolean isSameSet = fresh.keySet().equals(queues.keySet());
        queues = fresh;
        if (!isSameSet) {
            for (Rows each : meters) {
                each.gauge()
                        .register(fresh.keySet().stream()
                                .<MultiGauge.Row<?>>map(name -> row(name, each))
                                .toList());
            }
        }
    }

    private MultiGauge.Row<?> row(String name, Rows meter) {
        return MultiGauge.Row.of(Tags.of("queue", name), this, all -> all.value(name, meter));
    }

    private double value(String name, Rows meter) {
        QueueStatistics queue = queues.get(name);
        return queue == null ? 0 : meter.value().applyAsDouble(queue);
    }

    /** What the listed queues leave of the sums. */
    private static QueueStatistics others(BrokerStatistics now) {
        BrokerStatistics.Destinations all = now.destinations();
        long ready = all.ready();
        long unacknowledged = all.unacknowledged();
        long bytes = all.queueBytes();
        long consumers = all.consumers();
        for (QueueStatistics listed : now.queues()) {
            ready -= listed.ready();
            unacknowledged -= listed.unacknowledged();
            bytes -= listed.bytes();
            consumers -= listed.consumers();
        }
        return new QueueStatistics(OTHER, (int) ready, (int) unacknowledged, bytes, (int) consumers);
    }
}
