package io.fanfare.broker;

import io.fanfare.queue.AckMode;
import java.util.ArrayList;
import java.util.List;

/** A subscription's half in one of the model's queues. */
final class ModelConsumer {

    final ModelSubscription subscription;
    final ModelQueue queue;
    int unsettled;

    /** What it got since the last comparison. */
    final List<ModelEntry> got = new ArrayList<>();

    ModelConsumer(ModelSubscription subscription, ModelQueue queue) {
        this.subscription = subscription;
        this.queue = queue;
    }

    boolean isActive() {
        return subscription.active;
    }

    /** With nothing on its way, what needs no acknowledgement holds no credit. */
    boolean hasCredit() {
        return unsettled < subscription.prefetch;
    }

    /** Whether it may have been without credit for a moment since the last comparison. */
    boolean mayHaveBeenFull() {
        return unsettled + (subscription.ackMode == AckMode.AUTO ? got.size() : 0) >= subscription.prefetch;
    }

    boolean accepts(ModelEntry entry) {
        // a queue of its own holds only what it wants
        return queue.isPrivate()
                || subscription.accepts(entry.message)
                // a dead letter is the broker's own, and no-local no reason to leave it out
                || (queue.isDeadLetters() && entry.message.matches(subscription.selector));
    }

    @Override
    public String toString() {
        return subscription + " in " + queue;
    }
}
