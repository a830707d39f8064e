package io.fanfare.client;

import io.fanfare.frame.Headers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Time at which the session of a connection expires, as the broker has said last. Safe for use by several threads. */
final class SessionEnd {

    private final ClientTimer timer;
    private volatile @Nullable Long nanos;

    /** @param connected the headers of CONNECTED, which has just come */
    SessionEnd(ClientTimer timer, Headers connected) {
        this.timer = timer;
        told(connected);
    }

    /** A frame has just come that says how long the session lasts; for ever when it says nothing. */
    void told(Headers headers) {
        String millis = headers.get("session-expires");
        boolean isKnown = millis != null && millis.matches("\\d{1,12}");
        nanos = isKnown
                ? (Long) (timer.nanoTime()
                        + Duration.ofMillis(Long.parseLong(millis)).toNanos())
                : null;
    }

    /** The end, in nanoseconds of the timer; null: never. */
    @Nullable
    Long nanos() {
        return nanos;
    }
}
