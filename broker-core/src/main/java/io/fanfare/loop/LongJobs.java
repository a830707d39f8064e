package io.fanfare.loop;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work of one loop that is too long for one turn: each turn does a bounded number of steps, of all jobs in rotation. After
 * half a millisecond of it the jobs rest for as long: where they are many, they take half of a core at most, and the rest is
 * there for other loops and other processes. Owned by its loop.
 */
public final class LongJobs {

    /** Something that is done step by step. */
    @FunctionalInterface
    public interface Job {

        /**
         * Does about so many steps, or all that are left.
         *
         * @return whether there is more to do
         */
        boolean run(int steps);
    }

    /** Steps of one turn; each takes well under a microsecond or two. */
    public static final int STEPS_PER_TURN = 1_000;

    /** Steps of one job before the next has its share. */
    private static final int STEPS_AT_ONCE = 250;

    /** Time that jobs take before they rest; some turns of it make less than that. */
    private static final long NANOS_BEFORE_REST = 500_000;

    /** For a turn that took long because its thread did not run. */
    private static final long MAX_REST_NANOS = 2_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(LongJobs.class);

    private final LongSupplier clock;
    private final ArrayDeque<Job> waiting = new ArrayDeque<>(0);

    /** Time that jobs have taken since the last rest. */
    private long worked;

    private boolean resting;
    private long restEnds;

    /** Without jobs; the clock's are nanoseconds from an arbitrary origin. */
    LongJobs(LongSupplier clock) {
        this.clock = clock;
    }

    /** Has the job run in this turn and the next ones, until it says that it is done. */
    public void add(Job job) {
        waiting.add(job);
    }

    /** Nanoseconds until there is work to do: 0 where there is now, {@link Long#MAX_VALUE} without jobs. */
    long nanosToNext() {
        if (waiting.isEmpty()) {
            return Long.MAX_VALUE;
        }
        return resting ? Math.max(0, restEnds - clock.getAsLong()) : 0;
    }

    /** Does the work of one turn, unless the jobs rest; called by the loop. */
    public void run() {
        if (nanosToNext() > 0) {
            return;
        }
        resting = false;
        long now = clock.getAsLong();
        for (int steps = STEPS_PER_TURN; steps > 0 && !waiting.isEmpty() && !resting; steps -= STEPS_AT_ONCE) {
            Job job = waiting.remove();
            if (isUnfinished(job)) {
                waiting.add(job);
            }
            long began = now;
            now = clock.getAsLong();
            restWhenDue(began, now);
        }
    }

    /** Also in the middle of a turn, where steps take longer than they should: what comes between must not wait for the rest. */
    private void restWhenDue(long began, long ended) {
        worked += ended - began;
        resting = worked >= NANOS_BEFORE_REST;
        if (resting) {
            restEnds = ended + Math.min(worked, MAX_REST_NANOS);
            worked = 0;
        }
    }

    /** A bug in one job must not keep the others from their work, nor come again in each turn. */
    private static boolean isUnfinished(Job job) {
        try {
            return job.run(STEPS_AT_ONCE);
        } catch (RuntimeException | Error e) {
            LOG.error("bug in {}", job, e);
            return false;
        }
    }

    /**
     * Jobs that are done once for all that want the same. Of one kind one runs at a time: those that come meanwhile share the
     * next. Owned by its loop.
     *
     * @param <K> what is wanted; equal where one job does for both
     */
    public static final class Shared<K, J extends Job> {

        private final EventLoop loop;
        private final Map<K, J> waiting = new HashMap<>(0);
        private final Map<K, J> running = new HashMap<>(0);

        /** None yet. */
        public Shared(EventLoop loop) {
            this.loop = loop;
        }

        /**
         * The job of this kind that has not begun. It begins later in this turn, or when the one that runs has ended.
         *
         * @param maker makes it, unless there is one
         */
        public J next(K wanted, Function<? super K, ? extends J> maker) {
            assert loop.isCurrent();
            J next = waiting.get(wanted);
            if (next == null) {
                next = maker.apply(wanted);
                waiting.put(wanted, next);
                if (!running.containsKey(wanted)) {
                    start(wanted, next);
                }
            }
            return next;
        }

        private void start(K wanted, J job) {
            loop.startInParts(steps -> run(wanted, job, steps));
        }

        private boolean run(K wanted, J job, int steps) {
            if (waiting.remove(wanted, job)) {
                running.put(wanted, job);
            }
            boolean isUnfinished = false;
            try {
                isUnfinished = job.run(steps);
                return isUnfinished;
            } finally {
                if (!isUnfinished) {
                    // behind a bug as well: those that wait for its end must not wait for ever
                    ended(wanted);
                }
            }
        }

        private void ended(K wanted) {
            running.remove(wanted);
            J next = waiting.get(wanted);
            if (next != null) {
                start(wanted, next);
            }
        }
    }
}
