package io.fanfare.admin.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.broker.Broker;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** A broker's metrics in Prometheus' text format. Any thread may call. */
public final class MetricsPage {

    /** The media type of the text. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final FanfareMetrics metrics;

    /**
     * The page of one broker.
     *
     * @param maxQueues queues with series of their own; see {@link FanfareMetrics#FanfareMetrics(Broker, int)}
     */
    public MetricsPage(Broker broker, int maxQueues) {
        metrics = new FanfareMetrics(broker, maxQueues);
        metrics.bindTo(registry);
    }

    /** The text of this moment, as UTF-8. */
    public byte[] scrape() {
        metrics.refresh();
        return registry.scrape(CONTENT_TYPE).getBytes(UTF_8);
    }
}
