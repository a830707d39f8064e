package io.fanfare.message;

import io.fanfare.frame.HeaderNames;
import io.fanfare.frame.Headers;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Headers by which RabbitMQ, ActiveMQ and Artemis are asked for something that Fanfare does not do. They are refused,
 * because a client that got no answer would count on it. docs/protocol.md lists them, and those that are ignored because
 * they change nothing that a client can see.
 */
public final class ForeignHeaders {

    private static final String ACTIVEMQ = "activemq.";

    /** Of a SUBSCRIBE: those that are honoured, and {@code dispatchAsync}, which no client can see. */
    private static final HeaderNames ACTIVEMQ_KNOWN = HeaderNames.of(
            "activemq.dispatchAsync",
            "activemq.exclusive",
            "activemq.maximumPendingMessageLimit",
            "activemq.noLocal",
            "activemq.prefetchSize",
            "activemq.priority",
            "activemq.retroactive",
            "activemq.subcriptionName",
            "activemq.subscriptionName");

    /** Of a SEND, with what to do instead. */
    private static final Map<String, String> SEND = Map.of(
            "AMQ_SCHEDULED_REPEAT", "a message is published once; send it again",
            "AMQ_SCHEDULED_PERIOD", "a message is published once; send it again",
            "AMQ_SCHEDULED_CRON", "a message is published once; send it again",
            "AMQ_SCHEDULER_ACTION", "delayed messages can be neither listed nor taken back",
            "_AMQ_LVQ_NAME", "a topic keeps the last value of each key: retain:true and retain-key");

    /** Of a SUBSCRIBE, with what to do instead. */
    private static final Map<String, String> SUBSCRIBE = Map.of(
            "x-queue-name", "a subscription to a topic has no queue for others; durable:true keeps its messages",
            "x-stream-filter", "there are no streams; use selector",
            "x-stream-match-unfiltered", "there are no streams; use selector",
            "consumer-window-size", "it counts bytes; use prefetch-count, which counts messages",
            "transformation", "bodies are never converted");

    /** Arguments of RabbitMQ's queues, which SEND and SUBSCRIBE may both bring along. */
    private static final Map<String, String> QUEUE = Map.ofEntries(
            Map.entry("x-expires", "a queue goes when it has neither messages nor consumers"),
            Map.entry("x-message-ttl", "each SEND has its own ttl"),
            Map.entry("x-max-length", "all queues have the limit max_queue_messages"),
            Map.entry("x-max-length-bytes", "all queues have the limit max_queue_bytes"),
            Map.entry("x-overflow", "a full queue refuses SEND"),
            Map.entry("x-dead-letter-exchange", "dead letters go to /queue/DLQ.NAME"),
            Map.entry("x-dead-letter-routing-key", "dead letters go to /queue/DLQ.NAME"),
            Map.entry("x-dead-letter-strategy", "dead letters go to /queue/DLQ.NAME"),
            Map.entry("x-delivery-limit", "all queues have the limit max_deliveries"),
            Map.entry("x-max-age", "there are no streams"),
            Map.entry("x-stream-max-segment-size-bytes", "there are no streams"),
            Map.entry("x-stream-filter-size-bytes", "there are no streams"));

    private static final Map<String, String> SEND_ALL = joined(SEND, QUEUE);
    private static final Map<String, String> SUBSCRIBE_ALL = joined(SUBSCRIBE, QUEUE);

    /** What a SEND is looked through for first: most have none of them. */
    private static final HeaderNames OF_SEND = HeaderNames.of(
            joined(SEND_ALL, Map.of("x-queue-type", "", "destination-type", "", "routing-type", "", "auto-delete", ""))
                    .keySet()
                    .toArray(String[]::new));

    private ForeignHeaders() {}

    private static Map<String, String> joined(Map<String, String> some, Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(some);
        all.putAll(more);
        return all;
    }

    /**
     * Makes sure of what a SEND asks for.
     *
     * @throws ProtocolException when it is something that is not done here
     */
    public static void checkSend(Headers headers, List<Target> targets) {
        if (!headers.hasAny(OF_SEND)) {
            return;
        }
        SEND_ALL.forEach((name, instead) -> refuse(headers, name, instead));
        boolean onQueues = targets.stream().allMatch(each -> isQueue(each.destination()));
        boolean onTopics = targets.stream().noneMatch(each -> isQueue(each.destination()));
        checkType(headers, "destination-type", onQueues, onTopics);
        checkType(headers, "routing-type", onQueues, onTopics);
        checkStream(headers);
        checkAutoDelete(headers, false);
    }

    /**
     * Makes sure of what a SUBSCRIBE asks for.
     *
     * @param durable whether it goes on while its client is away
     * @throws ProtocolException when it is something that is not done here
     */
    public static void checkSubscribe(Headers headers, List<Destination> destinations, boolean durable) {
        SUBSCRIBE_ALL.forEach((name, instead) -> refuse(headers, name, instead));
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (name.startsWith(ACTIVEMQ)) {
                checkActiveMq(name);
            }
        }
        HeaderValues.flag(headers, "activemq.dispatchAsync");
        boolean onQueues = destinations.stream().allMatch(ForeignHeaders::isQueue);
        boolean onTopics = destinations.stream().noneMatch(ForeignHeaders::isQueue);
        checkType(headers, "destination-type", onQueues, onTopics);
        checkType(headers, "subscription-type", onQueues, onTopics);
        checkStream(headers);
        // RabbitMQ: the queue of a subscription to a topic goes with it unless it is durable; a named queue stays
        checkAutoDelete(headers, onTopics && !durable);
    }

    private static void checkActiveMq(String name) {
        if (!Headers.of(name, "").hasAny(ACTIVEMQ_KNOWN)) {
            throw refusal(Printable.of(name), "see docs/protocol.md for those that are");
        }
    }

    private static boolean isQueue(Destination destination) {
        return destination.kind() == Destination.Kind.QUEUE;
    }

    private static void refuse(Headers headers, String name, String instead) {
        if (headers.has(name)) {
            throw refusal(name, instead);
        }
    }

    /** Artemis: what is asked for must be what the destination is. Other values are a client's own. */
    private static void checkType(Headers headers, String name, boolean onQueues, boolean onTopics) {
        String type = headers.get(name);
        if (("ANYCAST".equals(type) && !onQueues) || ("MULTICAST".equals(type) && !onTopics)) {
            throw refusal(name + ":" + type, "/queue/... is ANYCAST, /topic/... is MULTICAST");
        }
    }

    private static void checkStream(Headers headers) {
        if ("stream".equals(headers.get("x-queue-type"))) {
            throw refusal("x-queue-type:stream", "there are no streams");
        }
    }

    private static void checkAutoDelete(Headers headers, boolean isDeleted) {
        @Nullable String value = headers.get("auto-delete");
        if (value != null && HeaderValues.flag(headers, "auto-delete") != isDeleted) {
            throw refusal(
                    "auto-delete:" + value,
                    isDeleted
                            ? "a subscription to a topic keeps its messages with durable:true"
                            : "queues and durable subscriptions stay while they hold messages");
        }
    }

    private static ProtocolException refusal(String what, String instead) {
        return new ProtocolException("unsupported header", what + " is not supported: " + instead);
    }
}
