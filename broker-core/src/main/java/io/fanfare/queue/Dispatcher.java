package io.fanfare.queue;

import io.fanfare.queue.QueueConsumer.Cursor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of a queue's consumers gets which message: the next in turn that takes it, and all messages of a group one
 * consumer. Looks at a bounded number of messages at a time. Belongs to the queue's lock.
 *
 * <p>A consumer that has more to look at than that, because its selector leaves out much or it has just come, is late:
 * it goes on apart from the others, so that new messages do not wait for it.
 */
final class Dispatcher {

    /** Consumers that are gone through in the time of one step. */
    private static final int CONSUMERS_OF_A_STEP = 256;

    /** Times that some consumer is told of some message; rather than more, all are asked again. */
    private static final int MOST_TOLD = 32_768;

    /** Messages that consumers are told of one by one. */
    private static final int MOST_NEWS = 256;

    private final ReadyMessages ready;
    private final Steps steps;
    private final Consumers consumers = new Consumers();

    private final Groups groups;

    /** Consumers that do not take everything; as long as there is none, and no group, the first message always goes. */
    private int choosy;

    private boolean grouped;

    /** Whether the first messages could have gone, had there been steps left. */
    private boolean unfinished;

    /** No consumer has been asked about this place, or one behind it. */
    private long furthest;

    /** Places in front of that to which messages have come, and that consumers have not been told. */
    private final List<Long> news = new ArrayList<>(0);

    /** The first place from which all have to be asked again; {@link Long#MAX_VALUE}: none. */
    private long again = Long.MAX_VALUE;

    Dispatcher(ReadyMessages ready, Groups groups, Steps steps) {
        this.ready = ready;
        this.groups = groups;
        this.steps = steps;
    }

    void add(QueueConsumer consumer) {
        if (consumer.hasFilter()) {
            startChoosing();
            choosy++;
        }
        consumers.add(consumer);
    }

    void remove(QueueConsumer consumer) {
        if (consumers.remove(consumer)) {
            choosy -= consumer.hasFilter() ? 1 : 0;
            consumer.cursor().leave();
            // what was kept for it alone is any other's now
            again = Math.min(again, consumer.cursor().reserved());
        }
    }

    /** No record is kept of what consumers have been asked about as long as all take everything. */
    private void startChoosing() {
        if (isInOrder()) {
            unfinished = false;
            again = 0;
        }
    }

    private boolean isInOrder() {
        return choosy == 0 && !grouped;
    }

    boolean isEmpty() {
        return consumers.isEmpty();
    }

    int consumerCount() {
        return consumers.all().size();
    }

    /** Adds credit: so many messages more may come. */
    void addCredit(QueueConsumer consumer, int messages) {
        consumers.addCredit(consumer, messages);
    }

    /** A message has come, or come back. */
    void added(QueueEntry entry) {
        if (entry.message().properties().group() != null) {
            startChoosing();
            grouped = true;
        }
        if (!isInOrder() && entry.place() < furthest) {
            if (news.size() < MOST_NEWS) {
                news.add(entry.place());
            } else {
                again = Math.min(again, entry.place());
            }
        }
    }

    /** Tells all consumers what has come since the last time. */
    private void tellNews() {
        if (news.isEmpty() && again == Long.MAX_VALUE) {
            return;
        }
        if (news.size() > 1 && (long) news.size() * consumers.all().size() > MOST_TOLD) {
            news.forEach(place -> again = Math.min(again, place));
            news.clear();
        }
        long told = 0;
        for (QueueConsumer consumer : consumers.all()) {
            Cursor cursor = consumer.cursor();
            cursor.goBack(again);
            news.forEach(cursor::added);
            told += 1 + news.size();
        }
        steps.take(told / CONSUMERS_OF_A_STEP);
        news.clear();
        again = Long.MAX_VALUE;
    }

    /**
     * Gives a message that comes alone into an empty queue to the next consumer at once: of several, one behind may have a higher
     * priority.
     *
     * @return false when it has to wait
     */
    boolean pass(QueueEntry entry) {
        if (!isInOrder() || !ready.isEmpty() || entry.mayExpire() || !steps.areLeft()) {
            return false;
        }
        QueueConsumer consumer = consumers.first();
        if (consumer == null || entry.message().properties().group() != null) {
            return false;
        }
        steps.take();
        hand(entry, consumer);
        return true;
    }

    /** Hands a message that came alone to the next consumer; false when none has credit. */
    boolean handNext(Supplier<QueueEntry> message) {
        QueueConsumer consumer = consumers.first();
        if (consumer == null) {
            return false;
        }
        hand(message.get(), consumer);
        return true;
    }

    /** Messages that all consumers may have more. */
    long credit() {
        return consumers.credit();
    }

    /** Messages handed out since the beginning. */
    long count() {
        return consumers.count();
    }

    /**
     * Hands out what can be handed out and has not expired, and removes it, as far as there are steps.
     *
     * @param all whether late consumers have their turn, too
     * @return one of the consumers for which there may be more; null: there is none
     */
    @Nullable
    QueueConsumer dispatch(boolean all) {
        if (consumers.isEmpty()) {
            groups.consumersHaveGone();
        }
        if (isInOrder()) {
            if (all || !unfinished) {
                unfinished = dispatchInOrder();
            }
            QueueConsumer next = unfinished ? consumers.first() : null;
            unfinished = next != null;
            return next;
        }
        tellNews();
        offer(false);
        if (all) {
            offer(true);
        }
        grouped = grouped && !(ready.isEmpty() && groups.isEmpty());
        return firstLate();
    }

    /** Hands out the first messages; true when more could go. */
    private boolean dispatchInOrder() {
        QueueEntry entry = ready.first();
        QueueConsumer consumer = consumers.first();
        while (entry != null && consumer != null) {
            if (!steps.areLeft()) {
                return true;
            }
            steps.take();
            if (!ready.removeIfExpired(entry)) {
                ready.removeFirst();
                hand(entry, consumer);
            }
            entry = ready.first();
            consumer = consumers.first();
        }
        return false;
    }

    private void hand(QueueEntry entry, QueueConsumer consumer) {
        steps.give(entry.message().size());
        consumers.give(consumer, entry);
    }

    /** Asks consumers that are late, or those that are not, about what they have not been asked about. */
    private void offer(boolean late) {
        QueueEntry entry = next(late);
        // one at least: however many consumers there are, it goes on
        for (boolean first = true; entry != null && (first || steps.areLeft()); first = false) {
            if (!ready.removeIfExpired(entry)) {
                offer(entry, late);
            }
            steps.take();
            entry = next(late);
        }
        if (late || entry != null) {
            for (QueueConsumer consumer : consumers.serving()) {
                Cursor cursor = consumer.cursor();
                if (cursor.isLate() == late) {
                    cursor.late(entry != null && ready.from(cursor.next()) != null);
                }
            }
        }
    }

    /** The first message that one of them has not been asked about; null: none. */
    private @Nullable QueueEntry next(boolean late) {
        boolean found = false;
        long first = Long.MAX_VALUE;
        int passed = 0;
        for (QueueConsumer consumer : consumers.serving()) {
            if (consumer.cursor().isLate() == late) {
                first = Math.min(first, consumer.cursor().next());
                found = true;
            }
            if (++passed % CONSUMERS_OF_A_STEP == 0) {
                steps.take();
            }
        }
        return found ? ready.from(first) : null;
    }

    /** Gives a message to the first consumer that takes it; those that do not are not asked about it again. */
    private void offer(QueueEntry entry, boolean late) {
        long place = entry.place();
        boolean asked = false;
        for (QueueConsumer consumer : consumers.serving()) {
            Cursor cursor = consumer.cursor();
            if (cursor.isLate() != late) {
                continue;
            }
            cursor.skipTo(place);
            furthest = Math.max(furthest, place + 1);
            if (cursor.next() == place) {
                if (asked && !steps.areLeft()) {
                    return;
                }
                asked = true;
                steps.take();
                cursor.pass(place);
                if (accepts(consumer, entry)) {
                    ready.remove(entry);
                    hand(entry, consumer);
                    return;
                }
            }
        }
    }

    private boolean accepts(QueueConsumer consumer, QueueEntry entry) {
        String group = entry.message().properties().group();
        // an exclusive consumer takes over the groups too
        Cursor owner = group == null || consumers.exclusive() != null ? null : groups.owner(group);
        if (owner != null && owner != consumer.cursor()) {
            owner.reserve(entry.place());
            return false;
        }
        boolean accepts = consumer.accepts(entry.message());
        if (accepts && group != null) {
            groups.own(group, consumer.cursor());
        }
        return accepts;
    }

    private @Nullable QueueConsumer firstLate() {
        for (QueueConsumer consumer : consumers.serving()) {
            if (consumer.cursor().isLate()) {
                return consumer;
            }
        }
        return null;
    }
}
