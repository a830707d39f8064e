package io.fanfare.nats.internal.queue;

import io.fanfare.message.Outcome;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A message on its way into a queue's stream. Owned by the worker, but for its result. */
final class Append {

    private final SharedQueueStream queue;
    private final byte[] record;
    private final String id;
    private final boolean isOwnId;
    private final long deadline;
    private final CompletableFuture<Outcome> result = new CompletableFuture<>();
    private int attempts;

    /** Whether the engine has it, and has not answered. */
    private boolean isOut;

    /**
     * A message that has not been sent.
     *
     * @param id by which the engine knows a repeat of it
     * @param isOwnId whether no message can have the id but this one
     * @param deadline after which it is refused, by {@link System#nanoTime}
     */
    Append(SharedQueueStream queue, byte[] record, String id, boolean isOwnId, long deadline) {
        this.queue = queue;
        this.record = record;
        this.id = id;
        this.isOwnId = isOwnId;
        this.deadline = deadline;
    }

    SharedQueueStream queue() {
        return queue;
    }

    byte[] record() {
        return record;
    }

    String id() {
        return id;
    }

    CompletableFuture<Outcome> result() {
        return result;
    }

    boolean isOver(long now) {
        return now - deadline >= 0;
    }

    /** It goes to the engine, once more. */
    void goes() {
        attempts++;
        isOut = true;
    }

    /** The engine has answered, or will not. */
    void returns() {
        isOut = false;
    }

    boolean isOut() {
        return isOut;
    }

    int attempts() {
        return attempts;
    }

    /** What the engine's word means that it has the message already: of one that was sent twice, the first may have come. */
    Outcome outcome(boolean duplicate) {
        return duplicate && !isOwnId && attempts == 1 ? Outcome.DUPLICATE : new Outcome(1, 0, 1, 0);
    }

    /**
     * Messages of one sender to one queue keep their order.
     *
     * @param sender null: messages of the broker itself
     */
    record Lane(SharedQueueStream queue, @Nullable Object sender) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Lane lane && lane.queue == queue && lane.sender == sender;
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(queue) + System.identityHashCode(sender);
        }
    }
}
