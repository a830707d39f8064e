package io.fanfare.queue;

import io.fanfare.backplane.Lease;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.LongJobs;
import io.fanfare.message.MessageId;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A delivery that waits for ACK or NACK. Owned by its session's loop. */
public final class Unsettled {

    /** Has a client wait, or go on. */
    public interface FlowControl {

        /** Frames that come from now on wait. */
        void suspend();

        /** Frames that have waited are handled, and others read. */
        void resume();
    }

    private final QueueConsumer consumer;
    private final QueueEntry entry;

    /** Tells it from all other deliveries of its session. */
    private final long number;

    private boolean settled;

    /** Whether an open transaction has an ACK or NACK for it. */
    private boolean claimed;

    public Unsettled(QueueConsumer consumer, QueueEntry entry, long number) {
        this.consumer = consumer;
        this.entry = entry;
        this.number = number;
    }

    public QueueConsumer consumer() {
        return consumer;
    }

    public QueueEntry entry() {
        return entry;
    }

    long number() {
        return number;
    }

    MessageId messageId() {
        return new MessageId(entry.message().destination(), entry.message().sequence());
    }

    /** The id of the subscription it was delivered to; null: it has none. */
    @Nullable
    String subscription() {
        return consumer.subscriber().encoding().subscription();
    }

    boolean isSettled() {
        return settled;
    }

    public void settle() {
        settled = true;
    }

    public boolean isClaimed() {
        return claimed;
    }

    public void claim(boolean byTransaction) {
        assert consumer.subscriber().outbox().loop().isCurrent();
        claimed = byTransaction;
    }

    /**
     * What a client says of its deliveries, done in its order. Where one ACK covers many of them, some are settled in each turn, and the
     * client is not heard before all are. Owned by the session's loop.
     */
    static final class Settlements implements LongJobs.Job {

        /** Deliveries that are settled before the rest waits among the loop's long jobs. */
        static final int AT_ONCE = 1_000;

        /** Settles deliveries that have left the ledger; null: that has its effect at once. */
        interface Effect {
            @Nullable
            CompletionStage<Void> settle(List<Unsettled> deliveries, Deliveries.Verdict verdict, long delay);
        }

        private final EventLoop loop;
        private final Ledger ledger;
        private final Effect effect;
        private final FlowControl client;
        private final ArrayDeque<Settlement> unfinished = new ArrayDeque<>(0);

        /** How many may still be settled at once. */
        private int left = AT_ONCE;

        /** What the client says of a delivery and those in front of it. */
        private final class Settlement {

            private final Unsettled last;
            private final Deliveries.Verdict verdict;
            private final long delay;
            private final CompletableFuture<Void> done = new CompletableFuture<>();
            private @Nullable CompletionStage<Void> effects;

            Settlement(Unsettled last, Deliveries.Verdict verdict, long delay) {
                this.last = last;
                this.verdict = verdict;
                this.delay = delay;
            }

            /** Settles so many of them at most; returns how many. */
            int run(int most) {
                // what goes back does so together: no consumer gets newer ones before it
                boolean isWhole = verdict == Deliveries.Verdict.REQUEUE;
                List<Unsettled> some = ledger.settle(last, isWhole ? Integer.MAX_VALUE : most);
                if (!some.isEmpty()) {
                    effects = Lease.both(effects, effect.settle(some, verdict, delay));
                }
                return some.size();
            }

            void complete() {
                if (effects == null) {
                    done.complete(null);
                    return;
                }
                effects.whenComplete((nothing, failure) -> {
                    if (failure == null) {
                        done.complete(null);
                    } else {
                        done.completeExceptionally(failure);
                    }
                });
            }
        }

        Settlements(EventLoop loop, Ledger ledger, Effect effect, FlowControl client) {
            this.loop = loop;
            this.ledger = ledger;
            this.effect = effect;
            this.client = client;
        }

        /**
         * Settles a delivery and those in front of it, or begins to.
         *
         * @return completed when that has its effect; null: it has
         */
        @Nullable
        CompletionStage<Void> add(Unsettled last, Deliveries.Verdict verdict, long delay) {
            assert loop.isCurrent();
            Settlement next = new Settlement(last, verdict, delay);
            if (unfinished.isEmpty()) {
                int settled = next.run(left);
                // an ACK for each is a frame for each
                left -= settled - 1;
                if (last.isSettled()) {
                    return next.effects;
                }
                client.suspend();
                loop.startInParts(this);
            }
            unfinished.add(next);
            return next.done;
        }

        @Override
        public boolean run(int steps) {
            assert loop.isCurrent();
            left = AT_ONCE;
            for (int rest = steps; rest > 0 && !unfinished.isEmpty(); ) {
                rest -= Math.max(1, next(rest));
            }
            if (unfinished.isEmpty()) {
                // what the client has sent meanwhile is handled in a turn's beginning, as ever
                loop.execute(this::hearAgain);
            }
            return !unfinished.isEmpty();
        }

        private int next(int most) {
            Settlement first = unfinished.element();
            int settled = first.run(most);
            if (first.last.isSettled()) {
                unfinished.remove();
                first.complete();
            }
            return settled;
        }

        private void hearAgain() {
            if (unfinished.isEmpty()) {
                client.resume();
            }
        }

        /** Does the rest: the client says no more. */
        void finish() {
            assert loop.isCurrent();
            while (!unfinished.isEmpty()) {
                next(Integer.MAX_VALUE);
            }
        }
    }
}
