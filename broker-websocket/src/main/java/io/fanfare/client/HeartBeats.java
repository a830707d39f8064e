package io.fanfare.client;

import io.fanfare.frame.HeartBeat;
import java.time.Duration;

/**
 * When to send a heart-beat, and when to give up on the broker (STOMP 1.2, Heart-beating). Knows no clock: each call
 * says what time it is, in nanoseconds from an arbitrary origin. Safe for use by several threads.
 */
final class HeartBeats {

    private static final Duration GRACE = Duration.ofSeconds(1);

    /** Zero: we owe none. */
    private final long sendNanos;

    /** Zero: we expect none. */
    private final long silenceNanos;

    private volatile long sent;
    private volatile long heard;

    HeartBeats(HeartBeat agreed, long now) {
        // a quarter early, so that a late timer or a slow network still keeps the promise
        sendNanos = agreed.send().toNanos() / 4 * 3;
        silenceNanos = agreed.receive().isZero()
                ? 0
                : agreed.receive().multipliedBy(2).plus(GRACE).toNanos();
        sent = now;
        heard = now;
    }

    void sent(long now) {
        sent = now;
    }

    void heard(long now) {
        heard = now;
    }

    boolean isSendDue(long now) {
        return sendNanos > 0 && now - sent >= sendNanos;
    }

    /** Whether nothing came for twice the agreed interval and a second. */
    boolean isBrokerSilent(long now) {
        return silenceNanos > 0 && now - heard >= silenceNanos;
    }

    /** What {@link #isBrokerSilent} waits for. */
    Duration silence() {
        return Duration.ofNanos(silenceNanos);
    }

    /** How long until one of the two may be due; zero: never. */
    Duration next(long now) {
        long next = Long.MAX_VALUE;
        if (sendNanos > 0) {
            next = Math.min(next, sendNanos - (now - sent));
        }
        if (silenceNanos > 0) {
            next = Math.min(next, silenceNanos - (now - heard));
        }
        return next == Long.MAX_VALUE ? Duration.ZERO : Duration.ofNanos(Math.max(next, 1_000_000));
    }
}
