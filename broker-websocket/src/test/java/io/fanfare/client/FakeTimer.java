package io.fanfare.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** A clock that stands still until the test moves it. */
final class FakeTimer implements ClientTimer {

    private record Alarm(long due, FutureTask<?> task) {}

    private final List<Alarm> alarms = new ArrayList<>();
    private long now = -1_000;

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Future<?> after(Duration delay, Runnable task) {
        FutureTask<?> future = new FutureTask<>(task, null);
        alarms.add(new Alarm(now + delay.toNanos(), future));
        return future;
    }

    /** Lets time pass; what falls due runs at its time. */
    void pass(Duration time) {
        long end = now + time.toNanos();
        while (true) {
            alarms.removeIf(alarm -> alarm.task.isCancelled());
            Alarm next = alarms.stream()
                    .filter(alarm -> alarm.due <= end)
                    .min(Comparator.comparingLong(Alarm::due))
                    .orElse(null);
            if (next == null) {
                now = end;
                return;
            }
            alarms.remove(next);
            now = Math.max(now, next.due);
            next.task.run();
        }
    }
}
