package io.fanfare.message;

import io.fanfare.frame.HeaderNames;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Headers of a SEND that ask something of the broker.
 *
 * @param priority 0 to 9; of use in queues
 * @param expires when it is of no use any more, by {@link BrokerClock#uptimeMillis}; {@link #NEVER}, {@link #AT_ONCE}
 * @param delay milliseconds to wait before it is published
 * @param group messages of one group go to one consumer; null: none
 * @param retain whether it is the last value of its topic, or of a key
 * @param retainKey that key; null: the topic's rule says, or there is none
 */
public record SendProperties(
        int priority,
        long expires,
        long delay,
        @Nullable String group,
        Retain retain,
        @Nullable String retainKey) {

    public static final long NEVER = Long.MAX_VALUE;

    /** In place of a time: for consumers that wait when it comes, and kept for none. */
    public static final long AT_ONCE = NEVER - 1;

    public static final int DEFAULT_PRIORITY = 4;

    private static final String SCHEDULED_TIME = "AMQ_SCHEDULED_TIME";

    private static final SendProperties NONE = new SendProperties(DEFAULT_PRIORITY, NEVER, 0, null);

    private static final HeaderNames ASKING = HeaderNames.of(
            "priority",
            "ttl",
            "expires",
            "expiration",
            "delay",
            "AMQ_SCHEDULED_DELAY",
            SCHEDULED_TIME,
            "x-delay",
            "message-group",
            "JMSXGroupID",
            "_AMQ_GROUP_ID",
            "retain",
            "retain-key");

    private static final int MAX_PRIORITY = 9;

    /** Of a message that its topic's rule alone has kept. */
    public SendProperties(int priority, long expires, long delay, @Nullable String group) {
        this(priority, expires, delay, group, Retain.UNSAID, null);
    }

    /**
     * Reads them.
     *
     * @param clock for headers that say a time
     * @throws ProtocolException when one has a value that it can't have
     */
    public static SendProperties of(Headers headers, BrokerClock clock) {
        // nothing here is kept on disk, but selectors read it as JMSDeliveryMode
        HeaderValues.flag(headers, "persistent");
        if (!headers.hasAny(ASKING)) {
            return NONE;
        }
        long priority = HeaderValues.number(headers, DEFAULT_PRIORITY, "priority");
        if (priority > MAX_PRIORITY) {
            throw new ProtocolException("invalid priority", "priority goes from 0 to 9, not " + priority);
        }
        return new SendProperties(
                (int) priority,
                expires(headers, clock),
                delay(headers, clock),
                HeaderValues.first(headers, "message-group", "JMSXGroupID", "_AMQ_GROUP_ID"),
                Retain.parse(headers.get("retain")),
                headers.get("retain-key"));
    }

    private static long delay(Headers headers, BrokerClock clock) {
        long delay = HeaderValues.number(headers, 0, "delay", "AMQ_SCHEDULED_DELAY", "x-delay");
        if (!headers.has(SCHEDULED_TIME)) {
            return delay;
        }
        if (HeaderValues.first(headers, "delay", "AMQ_SCHEDULED_DELAY", "x-delay") != null) {
            throw new ProtocolException(
                    "invalid delay", "AMQ_SCHEDULED_TIME says when, a delay how long from now; leave one of them out");
        }
        return Math.max(0, HeaderValues.number(headers, 0, SCHEDULED_TIME) - clock.millis());
    }

    private static long expires(Headers headers, BrokerClock clock) {
        long now = clock.millis();
        long ttl = HeaderValues.number(headers, NEVER, "ttl", "expiration");
        long expires = HeaderValues.number(headers, 0, "expires");
        boolean passed = expires != 0 && expires <= now;
        if (ttl == 0 && !passed) {
            return AT_ONCE;
        }
        if (expires != 0) {
            ttl = Math.min(ttl, Math.max(0, expires - now));
        }
        long uptime = clock.uptimeMillis();
        return ttl < AT_ONCE - uptime ? uptime + ttl : NEVER;
    }

    /**
     * Makes sure that what it asks for can be had where it goes.
     *
     * @throws ProtocolException when it can't
     */
    public void check(List<Target> targets) {
        if (retain != Retain.UNSAID && !targets.stream().allMatch(target -> retains(target.destination()))) {
            throw new ProtocolException(
                    "invalid retain",
                    "retain is for /topic/... and /user/...; a queue keeps every message, a temporary topic keeps none");
        }
    }

    private static boolean retains(Destination destination) {
        return destination.kind() == Destination.Kind.TOPIC && destination.temporaryOwner() == null;
    }

    /** Whether it is for consumers that wait when it comes, and kept for none. */
    public boolean isAtOnce() {
        return expires == AT_ONCE;
    }

    /** Whether its time ends some time. */
    public boolean mayExpire() {
        return expires < AT_ONCE;
    }

    public SendProperties withoutExpiry() {
        return withExpiry(NEVER);
    }

    /** The same with another end of its time, by {@link BrokerClock#uptimeMillis}; or {@link #NEVER}, {@link #AT_ONCE}. */
    public SendProperties withExpiry(long end) {
        return new SendProperties(priority, end, delay, group, retain, retainKey);
    }
}
