package io.fanfare.admin.metrics;

import io.fanfare.frame.Command;
import io.fanfare.statistics.BrokerStatistics;
import io.fanfare.statistics.Labelled;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Adds meters that read a broker to one registry.
 *
 * <p>A registry holds on to the broker weakly and to the functions strongly: the meters work as long as the broker is
 * in use, whatever becomes of the binder.
 */
record Meters(MeterRegistry registry, Reading reading) {

    private static final String PREFIX = "fanfare.";

    void gauge(String name, String description, ToDoubleFunction<BrokerStatistics> value) {
        gauge(name, description, "", value);
    }

    void bytesGauge(String name, String description, ToDoubleFunction<BrokerStatistics> value) {
        gauge(name, description, "bytes", value);
    }

    private void gauge(String name, String description, String unit, ToDoubleFunction<BrokerStatistics> value) {
        Gauge.builder(PREFIX + name, reading.broker(), broker -> value.applyAsDouble(reading.get()))
                .description(description)
                .baseUnit(unit.isEmpty() ? null : unit)
                .register(registry);
    }

    void counter(String name, String description, ToDoubleFunction<BrokerStatistics> value, String... tags) {
        counter(name, description, "", value, tags);
    }

    void bytesCounter(String name, String description, ToDoubleFunction<BrokerStatistics> value) {
        counter(name, description, "bytes", value);
    }

    void secondsCounter(String name, String description, ToDoubleFunction<BrokerStatistics> value, String... tags) {
        counter(name, description, "seconds", value, tags);
    }

    private void counter(
            String name, String description, String unit, ToDoubleFunction<BrokerStatistics> value, String... tags) {
        FunctionCounter.builder(PREFIX + name, reading.broker(), broker -> value.applyAsDouble(reading.get()))
                .description(description)
                .baseUnit(unit.isEmpty() ? null : unit)
                .tags(Tags.of(tags))
                .register(registry);
    }

    /** A counter for each reason, those that have not happened included: a rate needs a zero to begin with. */
    <K extends Enum<K> & Labelled> void counters(
            String name, String description, String tag, K[] reasons, Function<BrokerStatistics, Map<K, Long>> counts) {
        for (K reason : reasons) {
            counter(name, description, now -> counts.apply(now).getOrDefault(reason, 0L), tag, reason.label());
        }
    }

    void commands(
            String name,
            String description,
            List<Command> commands,
            Function<BrokerStatistics, Map<Command, Long>> counts) {
        for (Command command : commands) {
            counter(name, description, now -> counts.apply(now).getOrDefault(command, 0L), "command", command.name());
        }
    }

    static String name(String name) {
        return PREFIX + name;
    }
}
