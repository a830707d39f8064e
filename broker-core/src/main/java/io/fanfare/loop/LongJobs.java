package io.fanfare.loop;

import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work of one loop that is too long for one turn: each turn does a bounded number of steps, of all jobs in rotation. Owned
 * by its loop.
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

    private static final Logger LOG = LoggerFactory.getLogger(LongJobs.class);

    private final ArrayDeque<Job> waiting = new ArrayDeque<>(0);

    /** Has the job run in this turn and the next ones, until it says that it is done. */
    public void add(Job job) {
        waiting.add(job);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Does the work of one turn; called by the loop. */
    public void run() {
        for (int steps = STEPS_PER_TURN; steps > 0 && !waiting.isEmpty(); steps -= STEPS_AT_ONCE) {
            Job job = waiting.remove();
            if (isUnfinished(job)) {
                waiting.add(job);
            }
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
}
