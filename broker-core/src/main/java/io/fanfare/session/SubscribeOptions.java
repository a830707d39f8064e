package io.fanfare.session;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Headers;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.HeaderValues;
import io.fanfare.queue.AckMode;
import io.fanfare.queue.Deliveries;
import io.fanfare.queue.QueueSubscriber.ConsumerOptions;
import io.fanfare.retention.ReplayRequest;
import io.fanfare.selector.InvalidSelectorException;
import io.fanfare.selector.Selector;
import io.fanfare.topic.backlog.DeliveryPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Options in a SUBSCRIBE's headers.
 *
 * @param selector which messages it wants; null: all
 * @param noLocal whether it does without its own connection's messages
 * @param consumer what it asks of queues
 * @param browser whether it reads a queue without taking
 * @param durable whether it goes on while the client is away
 * @param policy which messages of a topic it may go without
 * @param replay what it wants of what was published before
 * @param presenceCount whether it wants the number of those that are present, and not each of them
 */
record SubscribeOptions(
        AckMode ackMode,
        @Nullable Selector selector,
        boolean noLocal,
        ConsumerOptions consumer,
        boolean browser,
        boolean durable,
        DeliveryPolicy policy,
        ReplayRequest replay,
        boolean presenceCount) {

    private static final int MAX_PREFETCH = 65_535;

    /** A selector that takes more is refused while memory is full. */
    private static final long LARGE_SELECTOR_BYTES = 4 << 10;

    private static final Selector COUNTS = Selector.parse("presence = 'count'");
    private static final Selector ALL_BUT_COUNTS = Selector.parse("presence <> 'count'");

    /** The second and the last are what Artemis and ActiveMQ called them first. */
    private static final String[] DURABLE_NAMES = {
        "durable-subscription-name", "durable-subscriber-name", "activemq.subscriptionName", "activemq.subcriptionName"
    };

    /**
     * Reads them.
     *
     * @param prefetch unsettled messages of a queue, when the headers don't say
     * @throws ProtocolException when a value makes no sense
     */
    static SubscribeOptions of(Headers headers, int prefetch) {
        return new SubscribeOptions(
                AckMode.parse(headers.get("ack")),
                selector(headers.get("selector")),
                HeaderValues.flag(headers, "no-local", "activemq.noLocal"),
                new ConsumerOptions(
                        prefetch(headers, prefetch),
                        HeaderValues.flag(headers, "exclusive", "activemq.exclusive", "x-single-active-consumer"),
                        priority(headers),
                        HeaderValues.number(headers, Deliveries.BACK_OFF, "redelivery-delay")),
                HeaderValues.flag(headers, "browser"),
                isDurable(headers),
                DeliveryPolicy.of(headers),
                ReplayRequest.of(headers),
                presenceCount(headers));
    }

    private static boolean presenceCount(Headers headers) {
        String value = headers.get("presence");
        refuseIf(
                value != null && !value.equals("count"),
                "presence is count, for the number of those that are present, or left out");
        return value != null;
    }

    /** The same for a destination where the broker tells presence: what is for other subscribers there is left out. */
    SubscribeOptions forPresence() {
        return new SubscribeOptions(
                ackMode,
                presenceCount ? COUNTS : ALL_BUT_COUNTS,
                noLocal,
                consumer,
                browser,
                durable,
                policy,
                replay,
                presenceCount);
    }

    /**
     * Makes sure that every option can be honoured: none is ignored where it would mean something.
     *
     * @param anonymous whether the client has no user
     */
    void check(List<Destination> destinations, boolean anonymous, Memory memory) {
        boolean queues = destinations.stream().anyMatch(each -> each.kind() == Destination.Kind.QUEUE);
        boolean topics = destinations.stream().anyMatch(each -> each.kind() != Destination.Kind.QUEUE);
        refuseIf(
                browser
                        && (topics
                                || durable
                                || consumer.exclusive()
                                || consumer.priority() != 0
                                || ackMode != AckMode.AUTO),
                "browser:true reads a queue and takes nothing, so that there is nothing to acknowledge, to keep or to be"
                        + " served first with");
        refuseIf(
                topics && (consumer.exclusive() || consumer.priority() != 0),
                "exclusive and x-priority are for queues; every subscriber of a topic gets every message");
        refuseIf(
                policy != DeliveryPolicy.NONE && (queues || ackMode != AckMode.AUTO || durable),
                policy.delta()
                        ? "delta is for topics with ack:auto: a message that comes again would not fit the value before it"
                        : "overflow, max-rate and conflate leave messages out, which only topics with ack:auto may do;"
                                + " a queue is held back by prefetch-count");
        checkReplay(destinations, queues);
        checkPresence(destinations);
        checkMemory(memory);
        if (durable) {
            refuseIf(
                    destinations.stream().anyMatch(each -> each.temporaryOwner() != null),
                    "a temporary destination goes with its connection and can't be durable");
            refuseIf(
                    destinations.stream().anyMatch(Destination::isStatistics),
                    "statistics are of the moment and can't be durable");
            refuseIf(queues && topics, "a durable subscription is for topics; subscribe to the queues without it");
            refuseIf(
                    anonymous && destinations.stream().anyMatch(each -> each.owner() != null),
                    "without a login, /user is another one for each connection and can't be durable");
        }
    }

    /**
     * Makes sure that it asks for nothing that a queue which several nodes share can't have.
     *
     * @throws ProtocolException when it does
     */
    void checkShared(Destination queue) {
        refuseShared(browser, "browser", queue);
        refuseShared(consumer.exclusive(), "exclusive", queue);
        refuseShared(consumer.priority() != 0, "x-priority", queue);
        refuseShared(selector != null, "selector", queue);
        refuseShared(noLocal, "no-local", queue);
    }

    private static void refuseShared(boolean asked, String header, Destination queue) {
        if (asked) {
            throw new ProtocolException(
                    header + " not available",
                    DestinationText.of(queue)
                            + " is shared by several nodes (queues.shared), and no node knows the consumers of"
                            + " the others or looks into messages that it does not take; leave " + header + " out");
        }
    }

    /** Consumers must come in while memory is full, as they make room; a selector that takes much of it need not. */
    private void checkMemory(Memory memory) {
        if (selector != null && selector.bytes() > LARGE_SELECTOR_BYTES && memory.isFull()) {
            throw new ProtocolException("memory alarm", memory.alarm(), CloseCode.OVERLOAD);
        }
    }

    /** What is told of presence is exact as a whole: nothing of it can be left out, or come twice. */
    private void checkPresence(List<Destination> destinations) {
        boolean isAsked = destinations.stream().anyMatch(Destination::isPresence);
        refuseIf(presenceCount && !isAsked, "presence:count is for /presence/topic/NAME");
        if (isAsked) {
            refuseIf(destinations.size() > 1, "a SUBSCRIBE to /presence/topic/NAME has no other destination");
            refuseIf(
                    ackMode != AckMode.AUTO || durable || selector != null || noLocal || policy != DeliveryPolicy.NONE,
                    "presence is of the moment and told as a whole, without ack, durable, selector, no-local, max-rate,"
                            + " conflate, delta and overflow");
            refuseIf(!replay.isNone(), "presence begins with those that are there, without from and retained");
        }
    }

    private void checkReplay(List<Destination> destinations, boolean queues) {
        boolean isAsked = replay.from() != ReplayRequest.From.UNSAID || replay.waitsForEnd();
        refuseIf(isAsked && queues, "from and retained are for topics; browser:true reads what a queue holds");
        refuseIf(
                isAsked && (ackMode != AckMode.AUTO || durable),
                "from and retained are for subscriptions with ack:auto that are not durable: what a client has not"
                        + " acknowledged is kept in a queue of its own");
        refuseIf(
                replay.isCursor()
                        && (destinations.size() > 1 || destinations.get(0).kind() == Destination.Kind.PATTERN),
                "a cursor is one topic's; for patterns and several destinations there are from:first, from:last and"
                        + " from:time=MILLISECONDS");
    }

    private static void refuseIf(boolean contradiction, String why) {
        if (contradiction) {
            throw new ProtocolException("invalid subscription", why);
        }
    }

    static boolean isDurable(Headers headers) {
        return HeaderValues.flag(headers, "durable", "persistent")
                || HeaderValues.first(headers, DURABLE_NAMES) != null;
    }

    /** The name of a durable subscription: what the aliases say, else its id. */
    static String durableName(Headers headers, String id) {
        String name = HeaderValues.first(headers, DURABLE_NAMES);
        return name == null ? id : name;
    }

    private static int prefetch(Headers headers, int absent) {
        long count = HeaderValues.number(headers, absent, "prefetch-count", "activemq.prefetchSize");
        // 0 means no limit elsewhere; here there always is one
        return count == 0 ? MAX_PREFETCH : (int) Math.min(count, MAX_PREFETCH);
    }

    private static @Nullable Selector selector(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return Selector.parse(text);
        } catch (InvalidSelectorException e) {
            throw new ProtocolException("invalid selector", String.valueOf(e.getMessage()));
        }
    }

    private static int priority(Headers headers) {
        String name = headers.has("x-priority") ? "x-priority" : "activemq.priority";
        String value = headers.get(name);
        if (value == null) {
            return 0;
        }
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new ProtocolException(
                    "invalid " + name, name + " must be a whole number, not " + Printable.of(value));
        }
    }
}
