package io.fanfare.session;

import io.fanfare.backplane.Lease;
import io.fanfare.frame.Limits;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Memory;
import io.fanfare.message.Outcome;
import io.fanfare.message.Target;
import io.fanfare.publish.DedupId;
import io.fanfare.publish.Publisher;
import io.fanfare.publish.Submission;
import io.fanfare.queue.Deliveries;
import io.fanfare.queue.Unsettled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Steps that one transaction will take at its COMMIT (STOMP 1.2, BEGIN). Owned by its session's loop. */
final class Transaction {

    private record Settlement(Unsettled delivery, Deliveries.Verdict verdict, long redeliveryDelay) {}

    /** What one takes beside its id, messages, ACKs and NACKs. */
    private static final long OVERHEAD_BYTES = 400;

    /** What an ACK or NACK takes. */
    private static final long SETTLEMENT_BYTES = 40;

    private final String id;
    private final Memory memory;
    private final int maxFrames;

    private final List<Submission> submissions = new ArrayList<>();
    private final Set<DedupId> ids = new HashSet<>(0);
    private final List<Settlement> settlements = new ArrayList<>();
    private int frames;

    /** What it takes until it ends, bytes. */
    private long held;

    Transaction(String id, Memory memory, int maxFrames) {
        this.id = id;
        this.memory = memory;
        this.maxFrames = maxFrames;
        hold(OVERHEAD_BYTES + id.length());
    }

    private void hold(long bytes) {
        held += bytes;
        memory.hold(bytes);
    }

    /**
     * Takes a message, unless it is a repeat already.
     *
     * @return what became of a repeat; null: the message waits for COMMIT
     */
    @Nullable
    Outcome send(Submission submission, Publisher publisher) {
        if (publisher.isRepeat(submission, ids)) {
            return Outcome.DUPLICATE;
        }
        count();
        if (submission.id() != null) {
            ids.add(submission.id());
        }
        submissions.add(submission);
        hold(submission.bytes());
        return null;
    }

    /** Takes a delivery's ACK or NACK; no other may come for it while the transaction is open. */
    void settle(Unsettled delivery, Deliveries.Verdict verdict, long redeliveryDelay) {
        count();
        hold(SETTLEMENT_BYTES);
        delivery.claim(true);
        settlements.add(new Settlement(delivery, verdict, redeliveryDelay));
    }

    private void count() {
        if (frames >= maxFrames) {
            throw new ProtocolException(
                    "transaction too large",
                    Limits.exceeded(
                            "transaction " + Printable.of(id).replace("%", "%%") + " has %,d frames",
                            frames,
                            maxFrames,
                            "max_transaction_frames"));
        }
        frames++;
    }

    /**
     * Publishes its messages, or, when a queue has no room, nothing; {@link #settle} or {@link #abort} follows.
     *
     * @return what became of them; null: nothing yet
     */
    @Nullable
    Outcome publish(SendHandler sends, Publisher publisher) {
        letGo();
        try {
            submissions.stream()
                    .flatMap(each -> each.targets().stream())
                    .map(Target::destination)
                    .distinct()
                    .forEach(sends::checkAgain);
            return publisher.commit(submissions);
        } catch (ProtocolException e) {
            abort();
            throw e;
        }
    }

    /**
     * Does its ACKs and NACKs.
     *
     * @return completed when they are known outside of this node too; null: they have their effect
     */
    @Nullable
    CompletionStage<Void> settle(Deliveries deliveries) {
        CompletionStage<Void> all = null;
        for (Settlement each : settlements) {
            all = Lease.both(all, deliveries.settle(each.delivery, each.verdict, each.redeliveryDelay));
        }
        return all;
    }

    private void letGo() {
        memory.hold(-held);
        held = 0;
    }

    void abort() {
        letGo();
        for (Settlement each : settlements) {
            each.delivery.claim(false);
        }
    }
}
