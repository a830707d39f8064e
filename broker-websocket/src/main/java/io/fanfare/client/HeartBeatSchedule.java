package io.fanfare.client;

import io.fanfare.frame.HeartBeat;
import java.time.Duration;

/**
 * Computes when a heart-beat is due, and when the broker counts as gone (STOMP 1.2, Heart-beating). Has no clock: each
 * call brings the time, in nanoseconds from an arbitrary origin. Safe for use by several threads.
 */
final class HeartBeatSchedule {

    private static final Duration GRACE = Duration.ofSeconds(1);

    /** Interval at which this side sends; zero: none was promised. */
    private final long sendNanos;

    /** After so much silence the broker is gone; zero: it promised no heart-beats. */
    private final long silenceNanos;

    private volatile long sent;
    private volatile long received;

    HeartBeatSchedule(HeartBeat agreed, long now) {
        // a quarter early, so that a late timer or a slow network still keeps the promise
        sendNanos = agreed.send().toNanos() / 4 * 3;
        silenceNanos = agreed.receive().isZero()
                ? 0
                : agreed.receive().multipliedBy(2).plus(GRACE).toNanos();
        sent = now;
        received = now;
    }

    void sent(long now) {
        sent = now;
    }

    void received(long now) {
        received = now;
    }

    boolean isSendDue(long now) {
        return sendNanos > 0 && now - sent >= sendNanos;
    }

    /** Whether nothing has come for twice the agreed interval and a second. */
    boolean isBrokerSilent(long now) {
        return silenceNanos > 0 && now - received >= silenceNanos;
    }

    /** How long {@link #isBrokerSilent} tolerates silence. */
    Duration silence() {
        return Duration.ofNanos(silenceNanos);
    }

    /** How long until a heart-beat, or the end of the tolerated silence, may be due; zero: never. */
    Duration next(long now) {
        long next = Long.MAX_VALUE;
        if (sendNanos > 0) {
            next = Math.min(next, sendNanos - (now - sent));
        }
        if (silenceNanos > 0) {
            next = Math.min(next, silenceNanos - (now - received));
        }
        return next == Long.MAX_VALUE ? Duration.ZERO : Duration.ofNanos(Math.max(next, 1_000_000));
    }
}
