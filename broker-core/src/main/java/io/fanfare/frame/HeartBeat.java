package io.fanfare.frame;

import java.time.Duration;

/**
 * What one side of a connection offers and wants (STOMP 1.2, Heart-beating).
 *
 * @param send the smallest interval it can guarantee between heart-beats it sends; zero: it can't
 * @param receive the interval it would like to get them in; zero: it doesn't want any
 */
public record HeartBeat(Duration send, Duration receive) {

    public static final HeartBeat NONE = new HeartBeat(Duration.ZERO, Duration.ZERO);

    /** Longer than any connection lives, and small enough to be doubled. */
    private static final long MAX_MILLIS = Duration.ofDays(365).toMillis();

    /**
     * Reads a {@code heart-beat} header: two decimal numbers of milliseconds with a comma between them.
     *
     * @throws ProtocolException when it is anything else
     */
    public static HeartBeat parse(String header) {
        int comma = header.indexOf(',');
        if (comma < 0) {
            throw malformed(header);
        }
        return new HeartBeat(millis(header, 0, comma), millis(header, comma + 1, header.length()));
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

    private static Duration millis(String header, int from, int to) {
        if (from == to) {
            throw malformed(header);
        }
        long millis = 0;
        for (int i = from; i < to; i++) {
            int digit = header.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw malformed(header);
            }
            millis = Math.min(MAX_MILLIS, millis * 10 + digit);
        }
        return Duration.ofMillis(millis);
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
