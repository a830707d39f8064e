package io.fanfare.loop;

import org.jspecify.annotations.Nullable;

/** A task that an {@link EventLoop} will run later, once. Owned by that loop. */
public final class Timer {

    final Runnable task;

    /** When it is due, in the loop's nanoseconds. */
    final long deadline;

    @Nullable
    Timer previous;

    @Nullable
    Timer next;

    int slot = -1;
    private final TimerWheel wheel;

    Timer(TimerWheel wheel, Runnable task, long deadline) {
        this.wheel = wheel;
        this.task = task;
        this.deadline = deadline;
    }

    /** Forgets the task; nothing happens when it has already run. Called on the loop. */
    public void cancel() {
        assert wheel.isCurrent();
        wheel.remove(this);
    }
}
