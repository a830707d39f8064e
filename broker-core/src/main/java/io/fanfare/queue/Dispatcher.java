package io.fanfare.queue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of a queue's consumers gets which message: higher priority first, then the one that has waited longest; one
 * exclusive consumer alone; all messages of a group to one consumer. Belongs to the queue's lock.
 */
final class Dispatcher {

    /** More groups than this, and the one that was used longest ago may change its consumer. */
    private static final int MAX_GROUPS = 16_384;

    private final List<QueueConsumer> consumers = new ArrayList<>(1);

    /** Which consumer has each message group, as long as it is there. */
    private final Groups groups = new Groups();

    /** Consumers that do not take everything; as long as there is none, and no group, the first message always goes. */
    private int choosy;

    /** The one that came first of those that want the queue for themselves. */
    private @Nullable QueueConsumer exclusive;

    private boolean grouped;
    private long count;

    private static final class Groups extends LinkedHashMap<String, QueueConsumer> {

        private static final long serialVersionUID = 1L;

        Groups() {
            super(0, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, QueueConsumer> eldest) {
            return size() > MAX_GROUPS;
        }
    }

    void add(QueueConsumer consumer) {
        consumers.add(consumer);
        choosy += consumer.hasFilter() ? 1 : 0;
        chooseExclusive();
    }

    void remove(QueueConsumer consumer) {
        if (consumers.remove(consumer)) {
            choosy -= consumer.hasFilter() ? 1 : 0;
            groups.values().removeIf(owner -> owner == consumer);
            // what was kept for it alone is anybody's now
            consumers.forEach(other -> other.unseen(0));
            chooseExclusive();
        }
    }

    private void chooseExclusive() {
        exclusive = consumers.stream()
                .filter(QueueConsumer::isExclusive)
                .findFirst()
                .orElse(null);
    }

    boolean isEmpty() {
        return consumers.isEmpty();
    }

    /** A message has come, or come back. */
    void added(QueueEntry entry) {
        grouped |= entry.message().properties().group() != null;
        if (choosy > 0 || grouped) {
            for (int i = 0; i < consumers.size(); i++) {
                QueueConsumer consumer = consumers.get(i);
                consumer.unseen(Math.min(consumer.unseen(), entry.place()));
            }
        }
    }

    /** Hands out what can be handed out, and removes it. */
    void dispatch(TreeMap<Long, QueueEntry> ready) {
        if (choosy == 0 && !grouped) {
            dispatchInOrder(ready);
        } else {
            dispatchByChoice(ready);
        }
        if (grouped && ready.isEmpty() && groups.isEmpty()) {
            grouped = false;
            // the record of what has been offered is not kept as long as all consumers take everything
            consumers.forEach(consumer -> consumer.unseen(0));
        }
    }

    private void dispatchInOrder(TreeMap<Long, QueueEntry> ready) {
        while (!ready.isEmpty()) {
            QueueConsumer consumer = best(null);
            if (consumer == null) {
                return;
            }
            consumer.take(ready.pollFirstEntry().getValue(), ++count);
        }
    }

    /** Looks at each message that has not been offered yet to a consumer with credit. */
    private void dispatchByChoice(TreeMap<Long, QueueEntry> ready) {
        Iterator<Map.Entry<Long, QueueEntry>> entries =
                ready.tailMap(firstUnseen(), true).entrySet().iterator();
        while (entries.hasNext() && best(null) != null) {
            QueueEntry entry = entries.next().getValue();
            QueueConsumer consumer = best(entry);
            if (consumer == null) {
                missed(entry.place());
                continue;
            }
            consumer.take(entry, ++count);
            entries.remove();
            if (!consumer.hasCredit()) {
                consumer.unseen(entry.place());
            }
        }
        for (QueueConsumer consumer : consumers) {
            if (consumer.hasCredit()) {
                consumer.unseen(Long.MAX_VALUE);
            }
        }
    }

    private long firstUnseen() {
        long first = Long.MAX_VALUE;
        for (QueueConsumer consumer : consumers) {
            if (consumer.hasCredit()) {
                first = Math.min(first, consumer.unseen());
            }
        }
        return first;
    }

    /** Who has no credit has not been asked about this one. */
    private void missed(long place) {
        for (QueueConsumer consumer : consumers) {
            if (!consumer.hasCredit()) {
                consumer.unseen(Math.min(consumer.unseen(), place));
            }
        }
    }

    /** The consumer to serve next; with a message, one that takes it. */
    private @Nullable QueueConsumer best(@Nullable QueueEntry entry) {
        String group = entry == null ? null : entry.message().properties().group();
        // an exclusive consumer takes over the groups too
        QueueConsumer owner = group == null || exclusive != null ? null : groups.get(group);
        QueueConsumer best = null;
        for (int i = 0; i < consumers.size(); i++) {
            QueueConsumer consumer = consumers.get(i);
            if (consumer.hasCredit()
                    && (exclusive == null || exclusive == consumer)
                    && (owner == null || owner == consumer)
                    && (entry == null || consumer.accepts(entry.message()))
                    && consumer.isBefore(best)) {
                best = consumer;
            }
        }
        if (best != null && group != null) {
            groups.put(group, best);
        }
        return best;
    }
}
