package io.fanfare.admin.metrics;

import io.fanfare.statistics.BrokerStatistics;
import io.fanfare.statistics.Durations;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * The meters of time: histograms in Prometheus' registry, and elsewhere timers with count and sum. Micrometer has no
 * meter that takes over a histogram that was counted elsewhere.
 */
final class Times {

    private final Meters meters;

    /** The loops that have a meter. */
    private final AtomicInteger loops = new AtomicInteger();

    private Times(Meters meters) {
        this.meters = meters;
    }

    static void bind(Meters meters) {
        Times times = new Times(meters);
        times.add(
                "publish.to.write",
                "From a message's publish, or its leaving a queue, to the write to its subscribers",
                BrokerStatistics::publishToWrite);
        times.add("loop.turn", "Turns of event loops", now -> sum(now, BrokerStatistics.Loop::turns));
        times.add(
                "loop.lag",
                "How long what is handed to an event loop waits for it",
                now -> sum(now, BrokerStatistics.Loop::lag));
        meters.gauge(
                "loops",
                "Event loops that have had a connection",
                now -> now.loops().size());
        meters.reading().whenRead(times::addLoops);
    }

    private static Durations sum(BrokerStatistics now, Function<BrokerStatistics.Loop, Durations> part) {
        return now.loops().stream().map(part).reduce(Durations.NONE, Durations::plus);
    }

    private void add(String name, String description, Function<BrokerStatistics, Durations> durations) {
        add(meters.registry(), name, description, durations);
    }

    private void add(
            MeterRegistry registry, String name, String description, Function<BrokerStatistics, Durations> durations) {
        if (registry instanceof CompositeMeterRegistry composite) {
            composite.getRegistries().forEach(each -> add(each, name, description, durations));
        } else if (registry instanceof PrometheusMeterRegistry prometheus) {
            String full = Meters.name(name).replace('.', '_') + "_seconds";
            prometheus
                    .getPrometheusRegistry()
                    .register(new PrometheusHistogram(
                            full,
                            description,
                            () -> durations.apply(meters.reading().get())));
        } else {
            FunctionTimer.builder(
                            Meters.name(name),
                            meters.reading().broker(),
                            broker -> durations.apply(meters.reading().get()).count(),
                            broker -> durations.apply(meters.reading().get()).totalNanos(),
                            TimeUnit.NANOSECONDS)
                    .description(description)
                    .register(registry);
        }
    }

    /** Loops come with their first connection, and stay. */
    private void addLoops(BrokerStatistics now) {
        List<BrokerStatistics.Loop> all = now.loops();
        int known = loops.getAndAccumulate(all.size(), Math::max);
        for (int i = known; i < all.size(); i++) {
            int index = i;
            meters.secondsCounter(
                    "loop.busy",
                    "Time that an event loop was at work",
                    later -> later.loops().get(index).turns().totalNanos() / 1e9,
                    "loop",
                    Integer.toString(index));
        }
    }
}
