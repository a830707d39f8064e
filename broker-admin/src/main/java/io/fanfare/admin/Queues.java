package io.fanfare.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfare.broker.Broker;
import io.fanfare.broker.Operations;
import io.fanfare.frame.Headers;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.Utf8;
import io.fanfare.server.http.HttpAnswer;
import io.fanfare.status.QueueStatus;
import io.fanfare.status.QueuedMessage;
import io.fanfare.status.Selection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Queues and what is in them. */
final class Queues {

    private static final Logger LOG = LoggerFactory.getLogger(Queues.class);

    static final int MAX_PEEKED = 100;
    static final long MAX_PEEKED_BYTES = 1 << 20;

    private static final Listing<QueueStatus> LISTING = Listing.of(QueueStatus.class)
            .text("destination", QueueStatus::destination)
            .number("depth", QueueStatus::depth)
            .number("unacknowledged", QueueStatus::unacknowledged)
            .number("redelivering", QueueStatus::redelivering)
            .number("delayed", QueueStatus::delayed)
            .number("bytes", QueueStatus::bytes)
            .number("consumers", QueueStatus::consumers)
            .text("oldest", queue -> time(queue.oldest()))
            .number("messages_in", QueueStatus::messagesIn)
            .number("messages_out", QueueStatus::messagesOut)
            .flag("shared", QueueStatus::shared)
            .sortedBy("destination");

    private final Broker broker;

    Queues(Broker broker) {
        this.broker = broker;
    }

    static @Nullable String time(@Nullable Long epochMillis) {
        return epochMillis == null ? null : Instant.ofEpochMilli(epochMillis).toString();
    }

    CompletionStage<HttpAnswer> list(ApiRequest request) {
        Selection<QueueStatus> selection = LISTING.selection(request);
        return done(LISTING.answer(broker.inspection().queues(selection), selection));
    }

    CompletionStage<HttpAnswer> get(ApiRequest request) {
        request.requireKnown(List.of());
        return done(broker.inspection()
                .queue(name(request))
                .map(queue -> Json.answer(200, LISTING.show(queue)))
                .orElseThrow(Queues::notFound));
    }

    CompletionStage<HttpAnswer> peek(ApiRequest request) {
        request.requireKnown(List.of("limit", "after"));
        int limit = request.number("limit", 10, 1, MAX_PEEKED);
        List<QueuedMessage> found = broker.inspection()
                .peek(name(request), after(request, -1), limit, MAX_PEEKED_BYTES)
                .orElseThrow(Queues::notFound);
        return done(Json.answer(
                200, Map.of("messages", found.stream().map(Queues::show).toList())));
    }

    /** The position behind which to begin. */
    static long after(ApiRequest request, long start) {
        String text = request.query().getOrDefault("after", Long.toString(start));
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Problem.of(400, "after must be the position of a message");
        }
    }

    private static Map<String, Object> show(QueuedMessage message) {
        Map<String, Object> object = new LinkedHashMap<>();
        // a number of JavaScript has 53 bits
        object.put("position", Long.toString(message.place()));
        object.put("message_id", message.messageId());
        object.put("timestamp", Instant.ofEpochMilli(message.timestamp()).toString());
        object.put("priority", message.priority());
        object.put("deliveries", message.deliveries());
        putContent(object, message.headers(), message.body());
        return object;
    }

    /** Adds what the sender sent. */
    static void putContent(Map<String, Object> object, Headers headers, byte[] body) {
        object.put("headers", headers(headers));
        object.put("bytes", body.length);
        if (Utf8.isValid(body)) {
            object.put("body", new String(body, StandardCharsets.UTF_8));
        } else {
            object.put("base64", Base64.getEncoder().encodeToString(body));
        }
    }

    private static Map<String, String> headers(Headers headers) {
        Map<String, String> object = new LinkedHashMap<>();
        for (int i = 0; i < headers.size(); i++) {
            // STOMP 1.2, Repeated Header Entries: the first counts
            object.putIfAbsent(headers.name(i), headers.value(i));
        }
        return object;
    }

    CompletionStage<HttpAnswer> purge(ApiRequest request) {
        request.requireKnown(List.of());
        String queue = name(request);
        long purged = broker.operations().purge(queue).orElseThrow(Queues::notFound);
        LOG.info("purged queue={} messages={} by={}", Printable.of(queue), purged, request.caller());
        return done(Json.answer(200, Map.of("purged", purged)));
    }

    CompletionStage<HttpAnswer> move(ApiRequest request) {
        request.requireKnown(List.of());
        Json.requireKnown(request.body(), List.of("to"));
        JsonNode to = request.body().get("to");
        if (to == null || !to.isTextual()) {
            throw Problem.of(422, "to must be the destination of a queue, such as /queue/orders");
        }
        String from = name(request);
        Operations.Moved moved = broker.operations().move(from, to.textValue()).orElseThrow(Queues::notFound);
        LOG.info(
                "moved from={} to={} messages={} by={}",
                Printable.of(from),
                Printable.of(to.textValue()),
                moved.messages(),
                request.caller());
        if (moved.refusal().isPresent()) {
            ProtocolException why = moved.refusal().get();
            throw Problem.of(why).with("moved", moved.messages());
        }
        return done(Json.answer(200, Map.of("moved", moved.messages())));
    }

    CompletionStage<HttpAnswer> delete(ApiRequest request) {
        request.requireKnown(List.of());
        String queue = name(request);
        return switch (broker.operations().deleteQueue(queue)) {
            case DELETED -> {
                LOG.info("deleted queue={} by={}", Printable.of(queue), request.caller());
                yield done(Json.answer(200, Map.of("deleted", queue)));
            }
            case NOT_FOUND -> throw notFound();
            case IN_USE ->
                throw Problem.of(
                        409, "the queue has consumers, or messages that they have, or messages that wait for a delay");
        };
    }

    /**
     * A name stands for the queue that all clients share; a whole destination, with its slashes encoded, for itself.
     */
    private static String name(ApiRequest request) {
        String name = request.path().get(0);
        return name.startsWith("/") ? name : "/queue/" + name;
    }

    private static Problem notFound() {
        return Problem.of(404, "there is no such queue; a queue goes with its last message and consumer");
    }

    private static CompletionStage<HttpAnswer> done(HttpAnswer answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
