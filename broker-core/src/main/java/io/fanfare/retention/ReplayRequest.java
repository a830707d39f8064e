package io.fanfare.retention;

import io.fanfare.frame.Headers;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.HeaderValues;
import org.jspecify.annotations.Nullable;

/**
 * Request of a SUBSCRIBE for what was published before it.
 *
 * @param snapshot whether it wants the last values
 * @param from where it wants to begin in the history
 * @param epoch of a {@link From#CURSOR}, the life of the topic that its number belongs to; null: any
 * @param number of a {@link From#CURSOR}, the last sequence that the client has; of {@link From#TIME}, milliseconds of the epoch
 */
public record ReplayRequest(
        Snapshot snapshot, From from, @Nullable String epoch, long number) {

    /** Header {@code retained}. */
    public enum Snapshot {
        /** Nothing is said: last values come, where there are some. */
        UNSAID,
        /** Last values come, and an end of them also where there are none. */
        WANTED,
        /** No last values come. */
        REFUSED,
        /** Last values come, and nothing behind them. */
        ONLY
    }

    /** Header {@code from}. */
    public enum From {
        /** Nothing is said. */
        UNSAID,
        FIRST,
        LAST,
        NEXT,
        CURSOR,
        TIME
    }

    /** Says nothing. */
    public static final ReplayRequest NONE = new ReplayRequest(Snapshot.UNSAID, From.UNSAID, null, 0);

    private static final String STREAM_OFFSET = "x-stream-offset";

    /**
     * Reads the headers {@code retained} and {@code from}, and their aliases {@code activemq.retroactive} and {@code
     * x-stream-offset}.
     *
     * @throws ProtocolException when a value makes no sense
     */
    public static ReplayRequest of(Headers headers) {
        Snapshot snapshot = snapshot(headers);
        String from = headers.get("from");
        if (from != null) {
            return parse(snapshot, from);
        }
        String offset = headers.get(STREAM_OFFSET);
        if (offset != null) {
            return parseOffset(snapshot, offset);
        }
        return snapshot == Snapshot.UNSAID ? NONE : new ReplayRequest(snapshot, From.UNSAID, null, 0);
    }

    private static Snapshot snapshot(Headers headers) {
        String retained = HeaderValues.first(headers, "retained", "activemq.retroactive");
        if (retained == null) {
            return Snapshot.UNSAID;
        }
        if (HeaderValues.isTrue(retained)) {
            return Snapshot.WANTED;
        }
        if (HeaderValues.isFalse(retained)) {
            return Snapshot.REFUSED;
        }
        if (retained.equalsIgnoreCase("only")) {
            return Snapshot.ONLY;
        }
        throw new ProtocolException(
                "invalid retained", "retained is true, false or only, not " + Printable.of(retained));
    }

    private static ReplayRequest parse(Snapshot snapshot, String from) {
        switch (from) {
            case "first":
                return new ReplayRequest(snapshot, From.FIRST, null, 0);
            case "last":
                return new ReplayRequest(snapshot, From.LAST, null, 0);
            case "next":
                return new ReplayRequest(snapshot, From.NEXT, null, 0);
            default:
        }
        if (from.startsWith("time=")) {
            return new ReplayRequest(snapshot, From.TIME, null, HeaderValues.number("from", from.substring(5)));
        }
        int slash = from.indexOf('/');
        if (slash <= 0) {
            throw new ProtocolException(
                    "invalid from",
                    "from is first, last, next, EPOCH/SEQ or time=MILLISECONDS, not " + Printable.of(from));
        }
        return new ReplayRequest(
                snapshot,
                From.CURSOR,
                from.substring(0, slash),
                HeaderValues.number("from", from.substring(slash + 1)));
    }

    /** RabbitMQ's streams: the offset is the first message wanted, and times are in seconds. */
    private static ReplayRequest parseOffset(Snapshot snapshot, String offset) {
        if (offset.startsWith("offset=")) {
            long first = HeaderValues.number(STREAM_OFFSET, offset.substring(7));
            return new ReplayRequest(snapshot, From.CURSOR, null, Math.max(0, first - 1));
        }
        if (offset.startsWith("timestamp=")) {
            long seconds = HeaderValues.number(STREAM_OFFSET, offset.substring(10));
            return new ReplayRequest(snapshot, From.TIME, null, Math.multiplyExact(Math.min(seconds, 1L << 40), 1000));
        }
        return switch (offset) {
            case "first", "last", "next" -> parse(snapshot, offset);
            default ->
                throw new ProtocolException(
                        "invalid " + STREAM_OFFSET,
                        STREAM_OFFSET + " is first, last, next, offset=N or timestamp=SECONDS, not "
                                + Printable.of(offset));
        };
    }

    public boolean isNone() {
        return equals(NONE);
    }

    public boolean isCursor() {
        return from == From.CURSOR;
    }

    /** Whether it asks for what the history has, and is told whether that is all. */
    public boolean asksForHistory() {
        return from != From.UNSAID && from != From.NEXT;
    }

    /** Whether the subscription gets the last value of each key before live messages, or there is none: a cursor does not say what its client has. */
    public boolean hasValuesBefore() {
        return from == From.UNSAID && wantsSnapshot();
    }

    /** Whether it wants nothing that is published after it. */
    public boolean isOnly() {
        return snapshot == Snapshot.ONLY;
    }

    /** Whether last values are wanted where there are some. */
    public boolean wantsSnapshot() {
        return snapshot != Snapshot.REFUSED;
    }

    /** Whether the client waits for the end of the last values, also where there are none. */
    public boolean waitsForEnd() {
        return snapshot == Snapshot.WANTED || snapshot == Snapshot.ONLY;
    }
}
