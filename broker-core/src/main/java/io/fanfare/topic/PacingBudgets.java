package io.fanfare.topic;

import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.Encoding;
import io.fanfare.message.Sender;
import io.fanfare.topic.backlog.Budget;
import io.fanfare.topic.backlog.DeliveryPolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Budgets for what the paced subscriptions of one loop may keep until its turn comes: those that ask for the same
 * messages of the same destinations share one budget, however many topics they meet. Owned by its loop.
 */
final class PacingBudgets {

    /** What makes two subscriptions keep the same. */
    private record Wish(
            Encoding encoding,
            String selector,
            @Nullable Sender exceptFrom,
            DeliveryPolicy policy,
            List<Destination> destinations) {}

    /** The budget of those with one wish. */
    final class Share {

        private final Wish wish;
        private final Budget budget;

        /** Pacers that draw from it. */
        private int users;

        private Share(Wish wish, Budget budget) {
            this.wish = wish;
            this.budget = budget;
        }

        Budget budget() {
            return budget;
        }

        /** One pacer does not need it any more. */
        void release() {
            if (--users == 0) {
                byWish.remove(wish, this);
            }
        }
    }

    private final Memory memory;
    private final Map<Wish, Share> byWish = new HashMap<>();

    PacingBudgets(Memory memory) {
        this.memory = memory;
    }

    /** The budget of a subscription's kind, for one pacer more. */
    Share acquire(TopicSubscriber subscriber) {
        assert subscriber.outbox().loop().isCurrent();
        Wish wish = new Wish(
                subscriber.encoding(),
                subscriber.filter().text(),
                subscriber.filter().exceptFrom(),
                subscriber.policy(),
                subscriber.destinations());
        Share share = byWish.computeIfAbsent(
                wish,
                w -> new Share(
                        w,
                        new Budget(
                                memory,
                                subscriber.outbox().loop().counts(),
                                subscriber.outbox().maxBytes())));
        share.users++;
        return share;
    }
}
