package io.fanfare.queue;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A queue's consumers, and which of them is served next; an exclusive consumer alone. Belongs to the queue's lock. */
final class Consumers {

    private final Set<QueueConsumer> all = new LinkedHashSet<>(2);

    /** Those with credit. */
    private final Turns turns = new Turns();

    /** Those that want the queue for themselves; the one that came first has it. */
    private Set<QueueConsumer> exclusives = Collections.emptySet();

    /** Messages that all of them may have more. */
    private long credit;

    /** How many messages have been handed out. */
    private long count;

    void add(QueueConsumer consumer) {
        all.add(consumer);
        consumer.join(true);
        credit += consumer.credit();
        if (consumer.isExclusive()) {
            exclusives = exclusives.isEmpty() ? new LinkedHashSet<>(2) : exclusives;
            exclusives.add(consumer);
        }
        if (consumer.hasCredit()) {
            turns.add(consumer);
        }
    }

    /** Removes a consumer; false when it is not there. */
    boolean remove(QueueConsumer consumer) {
        turns.remove(consumer);
        if (consumer.isExclusive()) {
            exclusives.remove(consumer);
        }
        if (!all.remove(consumer)) {
            return false;
        }
        consumer.join(false);
        credit -= consumer.credit();
        return true;
    }

    /** Adds credit: so many messages more may come. */
    void addCredit(QueueConsumer consumer, int messages) {
        consumer.addCredit(messages);
        if (consumer.isJoined()) {
            credit += messages;
            if (consumer.line() == null && consumer.hasCredit()) {
                turns.add(consumer);
            }
        }
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    Collection<QueueConsumer> all() {
        return all;
    }

    /** The consumer that has the queue for itself; null: none. */
    @Nullable
    QueueConsumer exclusive() {
        return exclusives.isEmpty() ? null : exclusives.iterator().next();
    }

    /** Those that may have a message now, in their turn. */
    Iterable<QueueConsumer> serving() {
        QueueConsumer alone = exclusive();
        if (alone == null) {
            return turns;
        }
        return alone.hasCredit() ? List.of(alone) : List.of();
    }

    /** The next to have a message that all take; null: none may have one. */
    @Nullable
    QueueConsumer first() {
        QueueConsumer alone = exclusive();
        if (alone == null) {
            return turns.first();
        }
        return alone.hasCredit() ? alone : null;
    }

    /** Hands a message to a consumer, whose turn comes again when the others have had theirs. */
    void give(QueueConsumer consumer, QueueEntry entry) {
        count++;
        credit--;
        consumer.take(entry);
        if (consumer.hasCredit()) {
            turns.served(consumer);
        } else {
            turns.remove(consumer);
        }
    }

    /** Messages that all of them may have more. */
    long credit() {
        return credit;
    }

    /** Messages handed out since the beginning. */
    long count() {
        return count;
    }
}
