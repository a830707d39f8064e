package io.fanfare.admin.metrics;

import io.fanfare.statistics.Durations;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A broker's histogram as Prometheus reads it. Any thread may call. */
final class PrometheusHistogram implements Collector {

    /** In seconds, with the last one, which has no bound. */
    private static final List<Double> BOUNDS = bounds();

    private final String name;
    private final String help;
    private final Supplier<Durations> durations;

    PrometheusHistogram(String name, String help, Supplier<Durations> durations) {
        this.name = name;
        this.help = help;
        this.durations = durations;
    }

    private static List<Double> bounds() {
        List<Double> bounds = new ArrayList<>();
        Durations.BOUNDS.forEach(nanos -> bounds.add(nanos / 1e9));
        bounds.add(Double.POSITIVE_INFINITY);
        return List.copyOf(bounds);
    }

    @Override
    public MetricSnapshot collect() {
        Durations now = durations.get();
        return HistogramSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(BOUNDS, now.counts()))
                        .sum(now.totalNanos() / 1e9)
                        .build())
                .build();
    }

    /** By which the registry refuses another collector of this name. */
    @Override
    public MetricFamilyDescriptor getMetricFamilyDescriptor() {
        return MetricFamilyDescriptor.histogram(name).help(help).build();
    }
}
