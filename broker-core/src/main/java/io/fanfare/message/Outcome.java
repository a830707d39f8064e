package io.fanfare.message;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Effect of a SEND at the time it was accepted.
 *
 * @param matched subscriptions of its topics, and queues, that it was for
 * @param delivered subscriptions it was handed to, before their selectors are asked
 * @param queued queues that keep it until a consumer has credit
 * @param dropped topics without subscribers, and temporary queues that have gone with their connection
 * @param duplicate whether it was a repeat, by its {@code dedup-id}, and went nowhere
 * @param nodes of a cluster that get it, this one included; 0: the destination is this node's alone
 * @param later the effect at other nodes, in place of this one; null: this is all
 */
public record Outcome(
        int matched,
        int delivered,
        int queued,
        int dropped,
        boolean duplicate,
        int nodes,
        @Nullable PendingOutcome later) {

    public static final Outcome NOTHING = new Outcome(0, 0, 0, 0);

    /** Effect of a SEND that repeats one which was published. */
    public static final Outcome DUPLICATE = new Outcome(0, 0, 0, 0, true, 0, null);

    /** Effect of a SEND that is no repeat. */
    public Outcome(int matched, int delivered, int queued, int dropped) {
        this(matched, delivered, queued, dropped, false, 0, null);
    }

    /** What becomes of messages whose destination has gone. */
    public static Outcome dropped(List<Message> messages) {
        return new Outcome(messages.size(), 0, 0, messages.size());
    }

    /** Of a message that is not accepted before this stage says so. */
    public static Outcome accepted(CompletionStage<Outcome> effect) {
        return NOTHING.with(new PendingOutcome(true, () -> effect));
    }

    /** The same, with what comes later. */
    public Outcome with(PendingOutcome rest) {
        return new Outcome(matched, delivered, queued, dropped, duplicate, nodes, rest);
    }

    /** The same at so many nodes, with nothing that comes later. */
    public Outcome atNodes(int count) {
        return new Outcome(matched, delivered, queued, dropped, duplicate, count, null);
    }

    /** The sum of both; where one has something that comes later, that of the sum has the effect of both. */
    public Outcome plus(Outcome other) {
        return new Outcome(
                matched + other.matched,
                delivered + other.delivered,
                queued + other.queued,
                dropped + other.dropped,
                duplicate && other.duplicate,
                Math.max(nodes, other.nodes),
                later == null && other.later == null ? null : whole().and(other.whole()));
    }

    private PendingOutcome whole() {
        return later == null ? new PendingOutcome(false, () -> CompletableFuture.completedFuture(this)) : later;
    }

    /** Whether the message is accepted only when {@link #later} says so. */
    public boolean isOpen() {
        return later != null && later.isNeeded();
    }
}
