package io.fanfare.publish;

import io.fanfare.loop.Loops;
import java.util.ArrayDeque;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages whose delay is over: however many become due together, a bounded number of them is published in one turn, in the
 * order in which they became due. Any thread may call.
 */
final class DueBatches {

    /** What publishing one message counts as: a turn of a loop that does nothing else publishes a hundred. */
    private static final int STEPS_OF_A_MESSAGE = 10;

    private static final Logger LOG = LoggerFactory.getLogger(DueBatches.class);

    private final Loops loops;
    private final ToIntFunction<DelayedBatch> publish;
    private final ArrayDeque<DelayedBatch> due = new ArrayDeque<>(0);

    /** Whether a loop publishes them. */
    private boolean runs;

    /**
     * None that are due.
     *
     * @param publish publishes one, and says how many messages it had
     */
    DueBatches(Loops loops, ToIntFunction<DelayedBatch> publish) {
        this.loops = loops;
        this.publish = publish;
    }

    /** The delay of these is over. */
    void add(DelayedBatch batch) {
        synchronized (this) {
            due.add(batch);
            if (runs) {
                return;
            }
            runs = true;
        }
        loops.executeInParts(this::publishSome);
    }

    private boolean publishSome(int steps) {
        for (int left = steps; left > 0; ) {
            DelayedBatch next = next();
            if (next == null) {
                return false;
            }
            left -= STEPS_OF_A_MESSAGE * Math.max(1, publish(next));
        }
        return true;
    }

    private synchronized @Nullable DelayedBatch next() {
        DelayedBatch next = due.poll();
        runs = next != null;
        return next;
    }

    private int publish(DelayedBatch batch) {
        try {
            return publish.applyAsInt(batch);
        } catch (RuntimeException | Error e) {
            // the others go on
            LOG.error("bug while publishing what was delayed", e);
            return 1;
        }
    }
}
