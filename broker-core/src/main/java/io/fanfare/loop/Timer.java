package io.fanfare.loop;

import org.jspecify.annotations.Nullable;

/** A task that an {@link EventLoop} will run later, once. Owned by that loop. */
public final class Timer {

    public final Runnable task;

    /** When it is due, in the loop's nanoseconds. */
    public final long deadline;

    @Nullable
    public Timer previous;

    @Nullable
    public Timer next;

    public int slot = -1;
    private final TimerWheel wheel;

    public Timer(TimerWheel wheel, Runnable task, long deadline) {
        this.wheel = wheel;
        this.task = task;
        this.deadline = deadline;
    }

    /** Forgets the task; nothing happens when it has already run. */
    public void cancel() {
        wheel.remove(this);
    }
}
