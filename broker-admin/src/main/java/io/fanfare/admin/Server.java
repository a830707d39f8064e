package io.fanfare.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfare.broker.Broker;
import io.fanfare.options.ConnectionLimits;
import io.fanfare.options.TopicOptions;
import io.fanfare.security.Authenticator;
import io.fanfare.security.Principal;
import io.fanfare.server.ServerOptions;
import io.fanfare.server.http.HttpAnswer;
import io.fanfare.statistics.BrokerStatistics;
import io.fanfare.status.BrokerStatus;
import io.fanfare.status.NodeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server as a whole: what it holds, what it may hold, how it is configured, and its end. */
final class Server {

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private static final int MAX_DRAIN_MILLIS = 3_600_000;
    private static final int DRAIN_MILLIS = 10_000;

    private final Broker broker;
    private final ServerOptions options;
    private final Configuration configuration;

    Server(Broker broker, ServerOptions options, Configuration configuration) {
        this.broker = broker;
        this.options = options;
        this.configuration = configuration;
    }

    CompletionStage<HttpAnswer> overview(ApiRequest request) {
        request.requireKnown(List.of());
        BrokerStatus status = broker.inspection().broker();
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("version", status.version());
        object.put("uptime_ms", status.uptime().toMillis());
        object.put("connections", status.sessions());
        object.put("topics", status.topics());
        object.put("queues", status.queues());
        object.put("durable_subscriptions", status.durableSubscriptions());
        object.put("memory_bytes", status.memoryBytes());
        object.put("max_memory_bytes", status.maxMemoryBytes());
        object.put("memory_full", status.memoryFull());
        object.put("bytes_under_way", status.bytesUnderWay());
        object.put("failed_logins", status.failedLogins());
        object.put("soft_errors", status.softErrors());
        object.put("draining", status.draining());
        object.put(
                "nodes", broker.inspection().nodes().stream().map(Server::node).toList());
        object.put("web_socket", webSocket());
        Principal user = request.caller().user();
        object.put("user", user == null ? null : user.name());
        return done(Json.answer(200, object));
    }

    private static Map<String, @Nullable Object> node(NodeStatus node) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("id", node.id());
        object.put("version", node.version());
        object.put("connections", node.connections());
        object.put("since", Instant.ofEpochMilli(node.since()).toString());
        object.put("state", node.state().name().toLowerCase(Locale.ROOT));
        object.put("self", node.self());
        return object;
    }

    /** Where a page that has come by this listener finds the broker itself. */
    private Map<String, @Nullable Object> webSocket() {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("port", options.listen().port());
        object.put("path", options.listen().path());
        object.put("tls", options.tls().isOn());
        object.put("login", broker.options().auth().authenticator() != Authenticator.ANONYMOUS);
        return object;
    }

    CompletionStage<HttpAnswer> limits(ApiRequest request) {
        request.requireKnown(List.of());
        BrokerStatus status = broker.inspection().broker();
        ConnectionLimits one = options.broker().limits();
        List<Map<String, @Nullable Object>> items = new ArrayList<>();
        items.add(limit("max_connections", options.limits().maxConnections(), (long) status.sessions()));
        items.add(limit(
                "max_destinations",
                options.broker().destinations().maxDestinations(),
                (long) status.topics() + status.queues()));
        items.add(limit("max_memory_bytes", status.maxMemoryBytes(), status.memoryBytes()));
        items.add(limit("max_connections_per_address", options.limits().maxConnectionsPerAddress(), null));
        items.add(limit("max_frame_bytes", one.frameLimits().maxFrameBytes(), null));
        items.add(limit("max_headers", one.frameLimits().maxHeaders(), null));
        items.add(limit("max_header_line_bytes", one.frameLimits().maxHeaderLineBytes(), null));
        items.add(limit("max_subscriptions", one.maxSubscriptions(), null));
        items.add(limit("max_destination_bytes", options.broker().destinations().maxDestinationBytes(), null));
        items.add(limit("max_queue_messages", options.broker().queues().maxQueueMessages(), null));
        items.add(limit("max_queue_bytes", options.broker().queues().maxQueueBytes(), null));
        items.add(limit("max_delayed", options.broker().queues().maxDelayed(), null));
        TopicOptions topics = options.broker().topics();
        BrokerStatistics.Kept kept = broker.statistics(0).kept();
        items.add(limit("max_retained_keys", topics.maxRetainedKeys(), (long) kept.values()));
        items.add(limit("max_retained_bytes", topics.maxRetainedBytes(), kept.valueBytes()));
        items.add(limit("max_history_bytes", topics.maxHistoryBytes(), kept.historyBytes()));
        items.add(limit("max_dedup_ids", options.broker().dedup().maxDedupIds(), null));
        items.add(limit("max_dedup_bytes", options.broker().dedup().maxDedupBytes(), null));
        items.add(limit("max_outbox_bytes", options.broker().outbox().maxOutboxBytes(), null));
        items.add(limit("max_body_bytes", options.admin().maxBodyBytes(), null));
        return done(Json.answer(200, Map.of("items", items)));
    }

    /** What is used is known of limits of the whole broker; the others are each connection's or destination's. */
    private static Map<String, @Nullable Object> limit(String key, long limit, @Nullable Long used) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("key", key);
        object.put("limit", limit);
        object.put("used", used);
        return object;
    }

    CompletionStage<HttpAnswer> configuration(ApiRequest request) {
        request.requireKnown(List.of());
        return done(Json.answer(200, configuration.masked()));
    }

    CompletionStage<HttpAnswer> drain(ApiRequest request) {
        request.requireKnown(List.of());
        Json.requireKnown(request.body(), List.of("over_ms"));
        JsonNode over = request.body().get("over_ms");
        if (over != null && (!over.isInt() || over.intValue() < 0 || over.intValue() > MAX_DRAIN_MILLIS)) {
            throw Problem.of(422, "over_ms must be a whole number from 0 to " + MAX_DRAIN_MILLIS);
        }
        int millis = over == null ? DRAIN_MILLIS : over.intValue();
        LOG.info("draining over={}ms by={}", millis, request.caller());
        broker.drain(Duration.ofMillis(millis));
        return done(Json.answer(202, Map.of("draining", true)));
    }

    private static CompletionStage<HttpAnswer> done(HttpAnswer answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
