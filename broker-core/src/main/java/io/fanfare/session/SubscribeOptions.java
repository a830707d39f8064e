package io.fanfare.session;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.Headers;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import io.fanfare.message.SendProperties;
import io.fanfare.queue.AckMode;
import io.fanfare.selector.InvalidSelectorException;
import io.fanfare.selector.Selector;
import io.fanfare.topic.DeliveryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What a SUBSCRIBE's headers ask for.
 *
 * @param ackMode how it acknowledges
 * @param prefetch messages of a queue it may have unsettled at a time
 * @param selector which messages it wants; null: all
 * @param noLocal whether it does without its own connection's messages
 * @param exclusive whether it wants a queue for itself
 * @param priority consumers with a higher one are served first
 * @param browser whether it reads a queue without taking
 * @param durable whether it goes on while the client is away
 * @param pacing how it is spared messages
 */
public record SubscribeOptions(
        AckMode ackMode,
        int prefetch,
        @Nullable Selector selector,
        boolean noLocal,
        boolean exclusive,
        int priority,
        boolean browser,
        boolean durable,
        DeliveryPolicy pacing) {

    private static final int MAX_PREFETCH = 65_535;

    public static SubscribeOptions of(Headers headers, StompVersion version, BrokerOptions options) {
        return new SubscribeOptions(
                AckMode.parse(headers.get("ack"), version),
                prefetch(headers, options.queues().prefetch()),
                selector(headers.get("selector")),
                flag(headers, "no-local", "activemq.noLocal"),
                flag(headers, "exclusive", "activemq.exclusive"),
                priority(headers),
                flag(headers, "browser", "browser"),
                isDurable(headers),
                DeliveryPolicy.of(headers));
    }

    public static boolean isDurable(Headers headers) {
        return flag(headers, "durable", "durable")
                || headers.has("activemq.subscriptionName")
                || headers.has("durable-subscription-name");
    }

    /** The name of a durable subscription: what the aliases say, else its id. */
    public static @Nullable String durableName(Headers headers) {
        String name = headers.get("activemq.subscriptionName");
        if (name == null) {
            name = headers.get("durable-subscription-name");
        }
        return name != null ? name : headers.get("id");
    }

    private static int prefetch(Headers headers, int absent) {
        String name = headers.has("prefetch-count") ? "prefetch-count" : "activemq.prefetchSize";
        String value = headers.get(name);
        if (value == null) {
            return absent;
        }
        long count = SendProperties.number(name, value);
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

    private static boolean flag(Headers headers, String name, String alias) {
        String value = headers.get(name);
        if (value == null) {
            value = headers.get(alias);
        }
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.equals("true")) {
            return true;
        }
        throw new ProtocolException("invalid " + name, name + " must be true or false, not " + Printable.of(value));
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
