package io.fanfare.topic.backlog;

import io.fanfare.frame.Headers;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.HeaderValues;
import io.fanfare.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * Policy for the messages of a topic that a subscription may go without: those that its socket is too slow for, or that
 * come too fast.
 *
 * @param overflow what happens when the connection is slow
 * @param maxPending messages that may wait meanwhile
 * @param maxRate messages a second of each topic; 0: as many as come
 * @param conflate the header for each value of which only the newest message counts; {@link #ALL_ALIKE}; null: none
 * @param delta whether a message may come as a patch to the value before it
 */
public record DeliveryPolicy(
        Overflow overflow,
        int maxPending,
        int maxRate,
        @Nullable String conflate,
        boolean delta) {

    /** What happens to messages that a subscriber is too slow for: {@code overflow} of SUBSCRIBE. */
    public enum Overflow {
        /** The connection ends when too much waits for it. */
        DISCONNECT,
        DROP_OLDEST,
        DROP_NEWEST,
        /** Only the newest of each key is kept. */
        CONFLATE;

        /**
         * Reads the header's value.
         *
         * @throws ProtocolException when there is no such policy
         */
        static Overflow parse(String value) {
            return switch (value) {
                case "disconnect" -> DISCONNECT;
                case "drop-oldest" -> DROP_OLDEST;
                case "drop-newest" -> DROP_NEWEST;
                case "conflate" -> CONFLATE;
                default ->
                    throw new ProtocolException(
                            "invalid overflow",
                            "overflow is disconnect, drop-oldest, drop-newest or conflate, not " + Printable.of(value));
            };
        }
    }

    /** In place of a header: only the newest message of all counts. */
    public static final String ALL_ALIKE = "*";

    public static final DeliveryPolicy NONE =
            new DeliveryPolicy(Overflow.DISCONNECT, Integer.MAX_VALUE, 0, null, false);

    private static final int HIGHEST_RATE = 1_000_000;
    private static final String ACTIVEMQ_LIMIT = "activemq.maximumPendingMessageLimit";

    /**
     * Reads what a SUBSCRIBE asks for.
     *
     * @throws ProtocolException when a value makes no sense
     */
    public static DeliveryPolicy of(Headers headers) {
        int maxRate = maxRate(headers.get("max-rate"));
        String conflate = headers.get("conflate");
        if (conflate != null && conflate.isEmpty()) {
            throw new ProtocolException("invalid conflate", "conflate names a header, or is *");
        }
        if (conflate == null && maxRate > 0) {
            conflate = ALL_ALIKE;
        }
        String policy = headers.get("overflow");
        int maxPending = maxPending(headers.get(ACTIVEMQ_LIMIT));
        Overflow overflow = Overflow.DISCONNECT;
        if (policy != null) {
            overflow = Overflow.parse(policy);
        } else if (conflate != null) {
            overflow = Overflow.CONFLATE;
        } else if (maxPending < Integer.MAX_VALUE) {
            overflow = Overflow.DROP_OLDEST;
        }
        if (overflow == Overflow.CONFLATE && conflate == null) {
            conflate = ALL_ALIKE;
        }
        DeliveryPolicy pacing =
                new DeliveryPolicy(overflow, maxPending, maxRate, conflate, delta(headers.get("delta")));
        return pacing.equals(NONE) ? NONE : pacing;
    }

    private static boolean delta(@Nullable String value) {
        if (value != null && !value.equals("merge-patch")) {
            throw new ProtocolException("invalid delta", "delta is merge-patch, not " + Printable.of(value));
        }
        return value != null;
    }

    private static int maxRate(@Nullable String value) {
        if (value == null) {
            return 0;
        }
        long rate = HeaderValues.number("max-rate", value);
        if (rate < 1 || rate > HIGHEST_RATE) {
            throw new ProtocolException(
                    "invalid max-rate",
                    "max-rate is messages a second, from 1 to " + HIGHEST_RATE + ", not " + Printable.of(value));
        }
        return (int) rate;
    }

    /** ActiveMQ: how many may wait before the oldest is dropped; below 0, no limit of its own. */
    private static int maxPending(@Nullable String value) {
        if (value == null || value.startsWith("-")) {
            return Integer.MAX_VALUE;
        }
        return (int) Math.max(1, Math.min(HeaderValues.number(ACTIVEMQ_LIMIT, value), Integer.MAX_VALUE));
    }

    /** About what its text takes in memory. */
    public long bytes() {
        return conflate == null ? 0 : 56L + conflate.length();
    }

    /** Whether messages may wait, and be left out, while the connection is slow. */
    public boolean mayDrop() {
        return overflow != Overflow.DISCONNECT;
    }

    public boolean isPaced() {
        return maxRate > 0;
    }

    /** What a message replaces an earlier one of its topic by, where messages are conflated. */
    String keyOf(Message message) {
        String value = conflate == null || conflate.equals(ALL_ALIKE)
                ? ""
                : message.headers().get(conflate);
        // those without the header are of one kind, too
        return value == null ? "" : value;
    }
}
