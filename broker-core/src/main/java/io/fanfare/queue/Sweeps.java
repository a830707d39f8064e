package io.fanfare.queue;

import io.fanfare.loop.EventLoop;
import io.fanfare.loop.LongJobs;
import io.fanfare.loop.Loops;
import io.fanfare.message.Message;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks for messages that have expired unnoticed, {@link Queues#SWEEP_INTERVAL} after it was asked to. Any thread may call. */
final class Sweeps {

    private final Loops loops;
    private final Supplier<Iterator<Queue>> queues;
    private final Consumer<Queue> onSwept;
    private final AtomicBoolean expected = new AtomicBoolean();

    /**
     * No sweep yet.
     *
     * @param queues gives all there are
     * @param onSwept told of each queue that holds nothing expired any more
     */
    Sweeps(Loops loops, Supplier<Iterator<Queue>> queues, Consumer<Queue> onSwept) {
        this.loops = loops;
        this.queues = queues;
        this.onSwept = onSwept;
    }

    /** Makes sure that those of these which expire are forgotten soon afterwards. */
    void expect(List<Message> messages) {
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i).properties().mayExpire()) {
                expect();
            }
        }
    }

    /** Makes sure that what may expire in a queue is forgotten soon afterwards. */
    void expect(Queue queue) {
        if (queue.mayExpire()) {
            expect();
        }
    }

    private void expect() {
        if (expected.compareAndSet(false, true)) {
            loops.schedule(Queues.SWEEP_INTERVAL, this::begin);
        }
    }

    private void begin(EventLoop loop) {
        expected.set(false);
        loops.executeInParts(new Sweep(queues.get()));
    }

    /** Goes once through queues, a part in each turn of a loop. Owned by that loop. */
    private final class Sweep implements LongJobs.Job {

        private final Iterator<Queue> left;

        /** The queue it is at; null: the next is due. */
        private @Nullable Queue queue;

        private Sweep(Iterator<Queue> left) {
            this.left = left;
        }

        @Override
        public boolean run(int steps) {
            for (int taken = 0; taken < steps; taken++) {
                if (queue == null && !left.hasNext()) {
                    return false;
                }
                Queue current = queue == null ? left.next() : queue;
                int removed = current.sweep();
                queue = removed == 0 ? null : current;
                taken += removed;
                if (removed == 0) {
                    onSwept.accept(current);
                    expect(current);
                }
            }
            return true;
        }
    }
}
