package io.fanfare.nats.internal.queue;

import java.time.Instant;

/**
 * Properties of a message that the engine hands out.
 *
 * @param count how many times it has done that, this time included
 * @param sequence of the message in its stream
 * @param stored when its stream took it
 */
record JetStreamMetadata(long count, long sequence, Instant stored) {

    private static final String PREFIX = "$JS.ACK.";
    private static final long NANOS = 1_000_000_000;

    /** {@code STREAM.CONSUMER.COUNT.SEQUENCE.NUMBER.TIME.PENDING}. */
    private static final int WORDS = 7;

    /** {@code DOMAIN.ACCOUNT} in front of these. */
    private static final int MORE_IN_FRONT = 2;

    /**
     * Reads the subject that the end of a message is told to (ADR-15 of NATS); newer servers may have more words behind the last.
     * The parser of jnats takes ten times as long.
     *
     * @throws IllegalArgumentException when it is no such subject
     */
    static JetStreamMetadata read(String replyTo) {
        if (!replyTo.startsWith(PREFIX)) {
            throw new IllegalArgumentException("not of a stream: " + replyTo);
        }
        int words = 1;
        for (int i = PREFIX.length(); i < replyTo.length(); i++) {
            words += replyTo.charAt(i) == '.' ? 1 : 0;
        }
        int at = PREFIX.length();
        for (int skipped = words >= WORDS + MORE_IN_FRONT ? -MORE_IN_FRONT : 0; skipped < 2; skipped++) {
            at = end(replyTo, at) + 1;
        }
        int countEnd = end(replyTo, at);
        int sequenceEnd = end(replyTo, countEnd + 1);
        int numberEnd = end(replyTo, sequenceEnd + 1);
        long nanos = Long.parseLong(replyTo, numberEnd + 1, end(replyTo, numberEnd + 1), 10);
        return new JetStreamMetadata(
                Long.parseLong(replyTo, at, countEnd, 10),
                Long.parseLong(replyTo, countEnd + 1, sequenceEnd, 10),
                Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS));
    }

    private static int end(String text, int from) {
        int end = text.indexOf('.', from);
        if (end < 0) {
            throw new IllegalArgumentException("too short: " + text);
        }
        return end;
    }
}
