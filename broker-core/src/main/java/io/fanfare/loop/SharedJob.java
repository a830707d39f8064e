package io.fanfare.loop;

import org.jspecify.annotations.Nullable;

/** A long job of the broker, and of no connection, that one of the {@link Loops} does; when that loop ends, another one goes on with it. */
final class SharedJob implements LongJobs.Job {

    private final Loops loops;
    private final LongJobs.Job job;

    /** That is to do it; null: any. */
    private final @Nullable EventLoop asked;

    /** That does it; null: one has yet to begin. */
    private volatile @Nullable EventLoop loop;

    private volatile boolean isDone;

    /**
     * Not begun.
     *
     * @param asked to do it; null: any
     */
    SharedJob(Loops loops, LongJobs.Job job, @Nullable EventLoop asked) {
        this.loops = loops;
        this.job = job;
        this.asked = asked;
    }

    /** Begins or goes on; called on the loop. */
    void start(EventLoop on) {
        EventLoop before = loop;
        if (!isDone && (before == null || before.hasEnded())) {
            loop = on;
            on.longJobs().add(this);
        }
    }

    /** Whether it needs another loop when this one has ended. */
    boolean isLostWith(EventLoop ended) {
        EventLoop now = loop == null ? asked : loop;
        return !isDone && (now == null || now == ended);
    }

    @Override
    public boolean run(int steps) {
        boolean hasMore = false;
        try {
            hasMore = job.run(steps);
        } finally {
            if (!hasMore) {
                isDone = true;
                loops.forget(this);
            }
        }
        return hasMore;
    }
}
