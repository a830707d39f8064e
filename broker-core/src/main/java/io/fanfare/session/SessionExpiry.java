package io.fanfare.session;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Closes a session when its token expires. The wall clock is read once, when the expiry becomes known; from then on the
 * loop's clock counts, which is never set. Owned by the session's loop.
 */
public final class SessionExpiry {

    /** Later than anything that matters. */
    private static final Duration LONGEST = Duration.ofDays(3650);

    private final Session session;
    private final Duration notice;
    private final InstantSource wallClock;
    private final Runnable warning;
    private @Nullable Timer warns;
    private @Nullable Timer ends;

    /** When it ends, in the loop's nanoseconds; nothing while nothing ends it. */
    private long deadline;

    /**
     * An end that is not known yet.
     *
     * @param notice how long before the end the warning comes; half of the time when there is less than twice as much
     */
    public SessionExpiry(Session session, Duration notice, InstantSource wallClock, Runnable warning) {
        this.session = session;
        this.notice = notice;
        this.wallClock = wallClock;
        this.warning = warning;
    }

    /**
     * Ends the session then, and not when it was said before.
     *
     * @param expires null: never
     * @throws ProtocolException when it is past that; nothing has changed then
     */
    public void set(@Nullable Instant expires) {
        assert session.loop().isCurrent();
        if (expires == null) {
            stop();
            return;
        }
        Duration left = Duration.between(wallClock.instant(), expires);
        if (left.isNegative() || left.isZero()) {
            throw expired();
        }
        stop();
        left = left.compareTo(LONGEST) < 0 ? left : LONGEST;
        Duration half = left.dividedBy(2);
        EventLoop loop = session.loop();
        deadline = loop.nanoTime() + left.toNanos();
        warns = loop.schedule(left.minus(notice.compareTo(half) < 0 ? notice : half), warning);
        ends = loop.schedule(left, () -> session.refuse(expired()));
    }

    private static ProtocolException expired() {
        return new ProtocolException(
                "session expired",
                "the token that this connection came with has expired; come with a new one, and before it expires SEND"
                        + " the next to " + ClientIdentity.DESTINATION,
                CloseCode.TOKEN_EXPIRED);
    }

    /** How long the session lasts from now; null: for ever. */
    @Nullable
    public Duration left() {
        return ends == null
                ? null
                : Duration.ofNanos(Math.max(0, deadline - session.loop().nanoTime()));
    }

    public void stop() {
        assert session.loop().isCurrent();
        if (warns != null && ends != null) {
            warns.cancel();
            ends.cancel();
        }
        ends = null;
    }
}
