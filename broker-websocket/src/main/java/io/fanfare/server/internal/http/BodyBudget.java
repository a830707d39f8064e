package io.fanfare.server.internal.http;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that the bodies of all requests of a listener may take together. Any thread may call. */
final class BodyBudget {

    private final long max;
    private final AtomicLong taken = new AtomicLong();

    BodyBudget(long max) {
        this.max = max;
    }

    /** Takes so many bytes; false when there are not as many left. */
    boolean take(int bytes) {
        if (taken.addAndGet(bytes) > max) {
            taken.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }
}
