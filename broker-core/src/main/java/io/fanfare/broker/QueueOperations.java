package io.fanfare.broker;

import io.fanfare.backplane.Backplane;
import io.fanfare.backplane.SharedOperations;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Loops;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.queue.QueueAdministration;
import io.fanfare.queue.Queues;
import io.fanfare.status.QueueStatus;
import io.fanfare.status.QueuedMessage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Inspection and operations of queues, whether this node has them or several nodes share them. For the latter the calling
 * thread waits; an event loop sees what was known before, and may do nothing to them.
 */
final class QueueOperations {

    private final QueueAdministration own;
    private final Queues queues;
    private final @Nullable Backplane backplane;
    private final Loops loops;

    /**
     * Operations on these queues.
     *
     * @param own does what concerns this node's own queues
     * @param backplane has the shared ones; null: there are none
     */
    QueueOperations(QueueAdministration own, Queues queues, @Nullable Backplane backplane, Loops loops) {
        this.own = own;
        this.queues = queues;
        this.backplane = backplane;
        this.loops = loops;
    }

    /** Waits for what the engine says of shared queues, where that may be. */
    private void look() {
        if (backplane != null && !loops.isCurrent()) {
            backplane.operations().look();
        }
    }

    Stream<QueueStatus> all() {
        look();
        return own.all();
    }

    Optional<QueueStatus> find(Destination queue) {
        if (!isShared(queue)) {
            return own.find(queue);
        }
        look();
        // one that is younger than the last look
        return own.find(queue).or(() -> loops.isCurrent() ? Optional.empty() : fresh(queue));
    }

    private Optional<QueueStatus> fresh(Destination queue) {
        shared().look(queue);
        return own.find(queue);
    }

    private boolean isShared(Destination queue) {
        return queue.isShared() && queues.isOutside(queue);
    }

    private SharedOperations shared() {
        if (loops.isCurrent()) {
            throw new IllegalStateException(
                    "the queue is shared by several nodes; an event loop must not wait for that");
        }
        if (backplane == null) {
            throw new IllegalStateException("no queue is shared");
        }
        return backplane.operations();
    }

    /** As {@link Inspection#peek}. */
    Optional<List<QueuedMessage>> peek(Destination queue, long after, int most, long maxBytes) {
        return isShared(queue) ? shared().peek(queue, after, most, maxBytes) : own.peek(queue, after, most, maxBytes);
    }

    /** As {@link QueueAdministration#clear}; what several nodes share stays. */
    void clear() {
        own.clear();
    }

    /** As {@link Operations#purge}. */
    Optional<Long> purge(Destination queue) {
        return isShared(queue) ? shared().purge(queue) : own.purge(queue);
    }

    /** As {@link Operations#deleteQueue}. */
    QueueAdministration.Outcome delete(Destination queue) {
        if (!isShared(queue)) {
            return own.delete(queue);
        }
        SharedOperations shared = shared();
        Optional<QueueStatus> found = fresh(queue);
        if (found.isEmpty()) {
            return QueueAdministration.Outcome.NOT_FOUND;
        }
        // consumers without credit ask for nothing, and the engine does not know them
        boolean isFree = found.get().consumers() == 0 && shared.delete(queue);
        return isFree ? QueueAdministration.Outcome.DONE : QueueAdministration.Outcome.IN_USE;
    }

    /** As {@link Operations#move}. */
    Optional<QueueAdministration.Moved> move(Destination from, Destination to) {
        boolean isToShared = isShared(to);
        if (!isShared(from)) {
            return own.move(from, to, messages -> isToShared ? enqueue(to, messages) : queues.publish(to, messages));
        }
        return fresh(from).map(found -> {
            long most = (long) found.depth() + found.unacknowledged();
            SharedMove move =
                    new SharedMove(to, most, (message, id) -> put(to, isToShared, message, id), loops.clock());
            return move.run(sharer().take(from, move), () -> fresh(from));
        });
    }

    private Backplane sharer() {
        if (backplane == null) {
            throw new IllegalStateException("no queue is shared");
        }
        return backplane;
    }

    private CompletionStage<Outcome> put(Destination to, boolean isToShared, Message message, String id) {
        if (isToShared) {
            return sharer().enqueue(to, message, id);
        }
        return CompletableFuture.completedFuture(queues.publish(to, List.of(message)));
    }

    /** All or none, as far as is known: some may be there when one is refused, and are there twice when they are moved again. */
    private Outcome enqueue(Destination to, List<Message> messages) {
        shared();
        List<CompletableFuture<Outcome>> all = messages.stream()
                .map(message -> sharer().enqueue(to, message, null).toCompletableFuture())
                .toList();
        try {
            return all.stream().map(CompletableFuture::join).reduce(Outcome.NOTHING, Outcome::plus);
        } catch (CompletionException e) {
            throw e.getCause() instanceof ProtocolException refusal ? refusal : e;
        }
    }
}
