package io.fanfare.session;

import java.util.concurrent.atomic.LongAdder;

/** Counts clients whose authentication was refused or failed. Any thread may call. */
public final class RefusedLogins {

    private final LongAdder count = new LongAdder();

    void add() {
        count.increment();
    }

    public long count() {
        return count.sum();
    }
}
