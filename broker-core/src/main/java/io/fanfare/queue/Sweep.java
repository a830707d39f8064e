package io.fanfare.queue;

import io.fanfare.loop.EventLoop;
import java.util.Iterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Goes once through queues and removes messages that have expired, a part in each turn of a loop. Owned by that loop. */
final class Sweep implements Runnable {

    /** Queues and messages of one turn. */
    private static final int STEPS = 1_000;

    private final EventLoop loop;
    private final Iterator<Queue> queues;
    private final Consumer<Queue> onSwept;

    /** The queue it is at; null: the next is due. */
    private @Nullable Queue queue;

    /**
     * A sweep that has not begun.
     *
     * @param onSwept told of each queue that holds nothing expired any more
     */
    Sweep(EventLoop loop, Iterator<Queue> queues, Consumer<Queue> onSwept) {
        this.loop = loop;
        this.queues = queues;
        this.onSwept = onSwept;
    }

    @Override
    public void run() {
        for (int steps = 0; steps < STEPS; steps++) {
            if (queue == null && !queues.hasNext()) {
                return;
            }
            Queue current = queue == null ? queues.next() : queue;
            int removed = current.sweep();
            queue = removed == 0 ? null : current;
            steps += removed;
            if (removed == 0) {
                onSwept.accept(current);
            }
        }
        loop.execute(this);
    }
}
