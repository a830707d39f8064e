package io.fanfare.session;

import io.fanfare.backplane.InOrder;
import io.fanfare.frame.Limits;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Memory;
import io.fanfare.message.HeaderValues;
import io.fanfare.message.Outcome;
import io.fanfare.message.PendingOutcome;
import io.fanfare.options.ConnectionLimits;
import io.fanfare.publish.Publisher;
import io.fanfare.queue.Deliveries;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One session's open transactions by their id. Owned by the session's loop. */
final class Transactions {

    private final ConnectionLimits limits;
    private final Memory memory;
    private final Publisher publisher;
    private final Deliveries deliveries;

    private final EventLoop loop;

    /** ACKs and NACKs that wait until other nodes have the messages of their transactions; null before there are any. */
    private @Nullable InOrder settling;

    private Map<String, Transaction> open = Collections.emptyMap();

    Transactions(ConnectionLimits limits, Memory memory, Publisher publisher, Deliveries deliveries, EventLoop loop) {
        this.limits = limits;
        this.memory = memory;
        this.publisher = publisher;
        this.deliveries = deliveries;
        this.loop = loop;
    }

    void begin(String id) {
        assert loop.isCurrent();
        HeaderValues.id("transaction", id, limits);
        if (open.containsKey(id)) {
            throw new ProtocolException(
                    "duplicate transaction", "transaction " + Printable.of(id) + " is open already");
        }
        if (open.size() >= limits.maxTransactions()) {
            throw new ProtocolException(
                    "too many transactions",
                    Limits.exceeded(
                            "this connection has %,d open transactions",
                            open.size(), limits.maxTransactions(), "max_transactions"));
        }
        if (open.isEmpty()) {
            open = new HashMap<>();
        }
        open.put(id, new Transaction(id, memory, limits.maxTransactionFrames()));
    }

    /**
     * The open transaction of this id.
     *
     * @throws ProtocolException when there is none
     */
    Transaction get(String id) {
        Transaction transaction = open.get(id);
        if (transaction == null) {
            throw new ProtocolException("no such transaction", "no transaction " + Printable.of(id) + " is open");
        }
        return transaction;
    }

    /**
     * Does all that the transaction holds, or, when a queue has no room, nothing.
     *
     * @return what became of its messages; its ACKs and NACKs are done when that is known. Null: nothing yet
     */
    @Nullable
    Outcome commit(String id, SendHandler sends) {
        assert loop.isCurrent();
        Transaction transaction = remove(id);
        Outcome outcome = transaction.publish(sends, publisher);
        if (outcome == null || outcome.later() == null || !outcome.isOpen()) {
            return with(outcome, transaction.settle(deliveries));
        }
        CompletableFuture<Outcome> settled = new CompletableFuture<>();
        if (settling == null) {
            settling = new InOrder(loop);
        }
        settling.runBehind(outcome.later().effect().get(), (accepted, refusal) -> {
            if (refusal == null) {
                CompletionStage<Void> rest = transaction.settle(deliveries);
                if (rest == null) {
                    settled.complete(accepted);
                } else {
                    rest.whenComplete((done, failure) -> complete(settled, accepted, failure));
                }
            } else {
                transaction.abort();
                settled.completeExceptionally(refusal);
            }
        });
        return Outcome.accepted(settled);
    }

    private static void complete(
            CompletableFuture<Outcome> settled, @Nullable Outcome accepted, @Nullable Throwable failure) {
        if (failure == null) {
            settled.complete(accepted);
        } else {
            settled.completeExceptionally(failure);
        }
    }

    /** What became of messages, known when ACKs and NACKs are known outside of this node. */
    private static @Nullable Outcome with(@Nullable Outcome outcome, @Nullable CompletionStage<Void> settled) {
        if (settled == null) {
            return outcome;
        }
        Outcome known = outcome == null ? Outcome.NOTHING : outcome;
        PendingOutcome later = known.later();
        return known.with(new PendingOutcome(
                false,
                () -> later == null
                        ? settled.thenApply(done -> known)
                        : later.effect().get().thenCombine(settled, (whole, done) -> whole)));
    }

    void abort(String id) {
        assert loop.isCurrent();
        remove(id).abort();
    }

    void abortAll() {
        open.values().forEach(Transaction::abort);
        open = Collections.emptyMap();
        if (settling != null) {
            settling.end();
        }
    }

    private Transaction remove(String id) {
        Transaction transaction = get(id);
        open.remove(id);
        return transaction;
    }
}
