package io.fanfare.frame;

import java.time.Duration;

/**
 * Intervals that one side of a connection offers and wants (STOMP 1.2, Heart-beating).
 *
 * @param send the smallest interval it can guarantee between heart-beats it sends; zero: it can't
 * @param receive the interval it would like to get them in; zero: it doesn't want any
 */
public record HeartBeat(Duration send, Duration receive) {

    public static final HeartBeat NONE = new HeartBeat(Duration.ZERO, Duration.ZERO);

    /** Longer than any connection lives, and small enough to be doubled. */
    private static final long MAX_MILLIS = Duration.ofDays(365).toMillis();

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is negative; the message names its key
     */
    public HeartBeat {
        checkNotNegative("heart_beat.send", send);
        checkNotNegative("heart_beat.receive", receive);
    }

    private static void checkNotNegative(String key, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(key + " must be 0 or longer, not " + value);
        }
    }

    /**
     * Reads a {@code heart-beat} header: two decimal numbers of milliseconds with a comma between them, and blanks round
     * them, as clients write them.
     *
     * @throws ProtocolException when it is anything else
     */
    public static HeartBeat parse(String header) {
        int comma = header.indexOf(',');
        if (comma < 0) {
            throw malformed(header);
        }
        return new HeartBeat(millis(header, header.substring(0, comma)), millis(header, header.substring(comma + 1)));
    }

    /** The interval in which we send, and the one in which we must hear, given what the peer said. */
    public HeartBeat negotiate(HeartBeat peer) {
        return new HeartBeat(longer(send, peer.receive), longer(receive, peer.send));
    }

    private static Duration longer(Duration a, Duration b) {
        if (a.isZero() || b.isZero()) {
            return Duration.ZERO;
        }
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static Duration millis(String header, String part) {
        String digits = trimBlanks(part);
        if (digits.isEmpty()) {
            throw malformed(header);
        }
        long millis = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw malformed(header);
            }
            millis = Math.min(MAX_MILLIS, millis * 10 + digit);
        }
        return Duration.ofMillis(millis);
    }

    private static String trimBlanks(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static ProtocolException malformed(String header) {
        return new ProtocolException(
                "invalid heart-beat",
                "heart-beat must be two numbers of milliseconds such as 10000,10000, not " + Printable.of(header));
    }

    /** The header's value: milliseconds to send, a comma, milliseconds to receive. */
    @Override
    public String toString() {
        return send.toMillis() + "," + receive.toMillis();
    }
}
