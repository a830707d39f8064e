package io.fanfare.quota;

import java.time.Duration;
import java.util.Locale;

/**
 * Token bucket of one rate, kept as the time at which all that has come would have come at the rate that is allowed. Any thread may take.
 */
final class TokenBucket {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final String what;
    private final String key;
    private final long perSecond;
    private final long burstNanos;

    /** The clock of loops may begin anywhere, so the first take sets it. */
    private boolean begun;

    private long paidUntil;

    /**
     * A rate that nothing has been taken of.
     *
     * @param what is counted, for the ERROR
     * @param key of the limit, for the ERROR
     */
    TokenBucket(String what, String key, long perSecond, Duration burst) {
        this.what = what;
        this.key = key;
        this.perSecond = perSecond;
        this.burstNanos = burst.toNanos();
    }

    /**
     * Takes some, whether they are there or not.
     *
     * @param now in the loops' nanoseconds
     * @return the nanoseconds until they will have come at the rate; not positive: no need to wait
     */
    synchronized long take(long count, long now) {
        if (!begun || paidUntil - (now - burstNanos) < 0) {
            begun = true;
            paidUntil = now - burstNanos;
        }
        paidUntil += count * SECOND / perSecond;
        return paidUntil - now;
    }

    /** The nanoseconds until as much as has been taken will have come at the rate. */
    synchronized long ahead(long now) {
        return begun ? paidUntil - now : -burstNanos;
    }

    /** Such as {@code 100 messages a second (max_message_rate)}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,d %s a second (%s)", perSecond, what, key);
    }
}
