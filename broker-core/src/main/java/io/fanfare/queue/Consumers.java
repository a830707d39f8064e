package io.fanfare.queue;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A queue's consumers, and the order in which they are served: higher priority first, then the one that has waited
 * longest; an exclusive consumer alone. Belongs to the queue's lock.
 */
final class Consumers {

    private final Set<QueueConsumer> all = new LinkedHashSet<>(2);

    /** Those with credit, in their turn. What their turn hangs on changes only while they are not in here. */
    private final TreeSet<QueueConsumer> serving = new TreeSet<>(Consumers::compareTurns);

    /** Those that want the queue for themselves; the one that came first has it. */
    private Set<QueueConsumer> exclusives = Collections.emptySet();

    private long lastNumber;

    /** How many messages have been handed out. */
    private long count;

    /** By hand: each message asks it some times, and comparators that are put together of others cost as much as the rest. */
    private static int compareTurns(QueueConsumer one, QueueConsumer other) {
        if (one.priority() != other.priority()) {
            return Integer.compare(other.priority(), one.priority());
        }
        return one.served() != other.served()
                ? Long.compare(one.served(), other.served())
                : Long.compare(one.number(), other.number());
    }

    void add(QueueConsumer consumer) {
        consumer.number(++lastNumber);
        all.add(consumer);
        if (consumer.isExclusive()) {
            exclusives = exclusives.isEmpty() ? new LinkedHashSet<>(2) : exclusives;
            exclusives.add(consumer);
        }
        if (consumer.hasCredit()) {
            serving.add(consumer);
        }
    }

    /** Removes a consumer; false when it is not there. */
    boolean remove(QueueConsumer consumer) {
        serving.remove(consumer);
        if (consumer.isExclusive()) {
            exclusives.remove(consumer);
        }
        return all.remove(consumer);
    }

    /** It may have so many messages more. */
    void addCredit(QueueConsumer consumer, int messages) {
        consumer.addCredit(messages);
        if (consumer.hasCredit() && all.contains(consumer)) {
            serving.add(consumer);
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
    Collection<QueueConsumer> serving() {
        QueueConsumer alone = exclusive();
        if (alone == null) {
            return serving;
        }
        return alone.hasCredit() ? Collections.singleton(alone) : Collections.emptySet();
    }

    /** The next to have a message that all take; null: none may have one. */
    @Nullable
    QueueConsumer first() {
        QueueConsumer alone = exclusive();
        if (alone != null) {
            return alone.hasCredit() ? alone : null;
        }
        return serving.isEmpty() ? null : serving.first();
    }

    /** Hands a message to a consumer, whose turn comes again when the others have had theirs. */
    void give(QueueConsumer consumer, QueueEntry entry) {
        boolean others = serving.size() > 1;
        if (others) {
            serving.remove(consumer);
        }
        consumer.take(entry, ++count);
        if (!consumer.hasCredit()) {
            // the only one: no other's turn to compare with
            serving.remove(consumer);
        } else if (others) {
            serving.add(consumer);
        }
    }

    /** Messages handed out since the beginning. */
    long count() {
        return count;
    }
}
