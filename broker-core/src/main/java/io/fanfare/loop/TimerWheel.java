package io.fanfare.loop;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one loop, in the slots of a hashed wheel: setting and cancelling one costs the same however many there
 * are. A timer runs up to one tick (about 17 ms) late, never early.
 */
final class TimerWheel {

    private static final int TICK_BITS = 24;
    private static final int SLOTS = 1024;

    /** Behind the slots: what is due now. */
    private static final int DUE = SLOTS;

    private final @Nullable Timer[] slots = new @Nullable Timer[SLOTS + 1];
    private int count;

    /** The next tick to be looked at. */
    private long tick;

    private final BooleanSupplier isCurrent;

    /**
     * An empty wheel.
     *
     * @param now the loop's clock, in nanoseconds
     * @param isCurrent whether the calling thread is the loop's
     */
    TimerWheel(long now, BooleanSupplier isCurrent) {
        this.tick = now >> TICK_BITS;
        this.isCurrent = isCurrent;
    }

    boolean isCurrent() {
        return isCurrent.getAsBoolean();
    }

    Timer add(Runnable task, long deadline) {
        Timer timer = new Timer(this, task, deadline);
        link(timer, (int) (Math.max(tick, tickOf(deadline)) & (SLOTS - 1)));
        return timer;
    }

    private void link(Timer timer, int slot) {
        Timer first = slots[slot];
        timer.slot = slot;
        timer.next = first;
        if (first != null) {
            first.previous = timer;
        }
        slots[slot] = timer;
        count++;
    }

    void remove(Timer timer) {
        if (timer.slot < 0) {
            return;
        }
        if (timer.previous != null) {
            timer.previous.next = timer.next;
        } else {
            slots[timer.slot] = timer.next;
        }
        if (timer.next != null) {
            timer.next.previous = timer.previous;
        }
        timer.slot = -1;
        // a reference to a timer that has gone must not keep its neighbours, and theirs, and so all that ever came
        // later
        timer.previous = null;
        timer.next = null;
        count--;
    }

    /**
     * Hands over what is due, in no particular order within one tick.
     *
     * @return how many timers it looked at: each of a tick once
     */
    int expire(long now, Consumer<Runnable> run) {
        long last = now >> TICK_BITS;
        if (last - tick >= SLOTS) {
            tick = last - SLOTS + 1;
        }
        int looked = 0;
        while (tick <= last) {
            looked += takeDue((int) (tick++ & (SLOTS - 1)), now);
            for (Timer timer = slots[DUE]; timer != null; timer = slots[DUE]) {
                remove(timer);
                run.accept(timer.task);
            }
        }
        return looked;
    }

    /** Takes what is due out of a slot, which tasks may change when they run; they may cancel what waits for them to end. */
    private int takeDue(int slot, long now) {
        int looked = 0;
        for (Timer timer = slots[slot]; timer != null; looked++) {
            Timer next = timer.next;
            if (timer.deadline - now <= 0) {
                remove(timer);
                link(timer, DUE);
            }
            timer = next;
        }
        return looked;
    }

    /** Nanoseconds until {@link #expire} may have something to do; {@link Long#MAX_VALUE} when there is no timer. */
    long nextDelay(long now) {
        if (count == 0) {
            return Long.MAX_VALUE;
        }
        for (long t = tick; t < tick + SLOTS; t++) {
            if (slots[(int) (t & (SLOTS - 1))] != null) {
                return Math.max(0, (t << TICK_BITS) - now);
            }
        }
        throw new IllegalStateException(count + " timers in no slot");
    }

    /** The first tick that begins at or after the deadline. */
    private static long tickOf(long deadline) {
        return (deadline + (1L << TICK_BITS) - 1) >> TICK_BITS;
    }
}
