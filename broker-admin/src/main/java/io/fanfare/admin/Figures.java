package io.fanfare.admin;

import io.fanfare.admin.metrics.FanfareMetrics;
import io.fanfare.admin.metrics.History;
import io.fanfare.admin.metrics.MetricsPage;
import io.fanfare.admin.metrics.Monitor;
import io.fanfare.broker.Broker;
import io.fanfare.server.http.HttpAnswer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Counts of a broker: the metrics of this moment, and the last hour. */
final class Figures {

    private final MetricsPage page;
    private final Monitor monitor;

    Figures(Broker broker, Monitor monitor) {
        this.page = new MetricsPage(broker, FanfareMetrics.MAX_QUEUES);
        this.monitor = monitor;
    }

    CompletionStage<HttpAnswer> metrics(ApiRequest request) {
        request.requireKnown(List.of());
        return CompletableFuture.completedFuture(
                new HttpAnswer(200, Map.of("Content-Type", MetricsPage.CONTENT_TYPE), page.scrape()));
    }

    CompletionStage<HttpAnswer> history(ApiRequest request) {
        request.requireKnown(List.of("after", "limit"));
        int limit = request.number("limit", History.SAMPLES, 1, History.SAMPLES);
        return CompletableFuture.completedFuture(
                Json.answer(200, monitor.history().after(after(request), limit)));
    }

    private static long after(ApiRequest request) {
        String text = request.query().getOrDefault("after", "0");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Problem.of(400, "after must be a time in milliseconds of the epoch");
        }
    }
}
