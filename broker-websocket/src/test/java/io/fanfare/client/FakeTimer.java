package io.fanfare.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** A clock that stands still until the test moves it. Safe for use by several threads; one moves it. */
final class FakeTimer implements ClientTimer {

    private record Alarm(long due, FutureTask<?> task) {}

    private final List<Alarm> alarms = new ArrayList<>();
    private long now = -1_000;

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public synchronized Future<?> after(Duration delay, Runnable task) {
        FutureTask<?> future = new FutureTask<>(task, null);
        alarms.add(new Alarm(now + delay.toNanos(), future));
        return future;
    }

    /** Lets time pass; what falls due runs at its time. */
    void pass(Duration time) {
        long end = nanoTime() + time.toNanos();
        for (Alarm next = next(end); next != null; next = next(end)) {
            // not under the lock: a task may wait for a thread that sets an alarm
            next.task.run();
        }
    }

    private synchronized Alarm next(long end) {
        alarms.removeIf(alarm -> alarm.task.isCancelled());
        Alarm next = alarms.stream()
                .filter(alarm -> alarm.due <= end)
                .min(Comparator.comparingLong(Alarm::due))
                .orElse(null);
        alarms.remove(next);
        now = next == null ? end : Math.max(now, next.due);
        return next;
    }
}
