package io.fanfare.queue;

import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The consumers with credit, in the order in which they are served: higher priority first, then the one that has waited
 * longest. Belongs to the queue's lock.
 *
 * <p>Each priority has a line, linked through its consumers: every message moves one of them, and a collection would
 * allocate for that.
 */
final class Turns implements Iterable<QueueConsumer> {

    private final TreeMap<Integer, Line> lines = new TreeMap<>(Comparator.reverseOrder());

    /** The line of the highest priority; null: none is waiting. */
    private @Nullable Line top;

    /** Consumers of one priority, the one that has waited longest first. */
    static final class Line {

        private final int priority;
        private @Nullable QueueConsumer first;
        private @Nullable QueueConsumer last;

        private Line(int priority) {
            this.priority = priority;
        }

        private void append(QueueConsumer consumer) {
            QueueConsumer before = last;
            consumer.turn(this, before, null);
            if (before == null) {
                first = consumer;
            } else {
                before.next(consumer);
            }
            last = consumer;
        }

        private void remove(QueueConsumer consumer) {
            QueueConsumer before = consumer.previous();
            QueueConsumer after = consumer.next();
            if (before == null) {
                first = after;
            } else {
                before.next(after);
            }
            if (after == null) {
                last = before;
            } else {
                after.previous(before);
            }
            consumer.turn(null, null, null);
        }
    }

    /** The next in turn; null: none is waiting. */
    @Nullable
    QueueConsumer first() {
        return top == null ? null : top.first;
    }

    /** Adds a consumer, behind all others of its priority; nothing changes if it is waiting already. */
    void add(QueueConsumer consumer) {
        if (consumer.line() != null) {
            return;
        }
        Line line = top;
        if (line == null || line.priority != consumer.priority()) {
            line = lines.computeIfAbsent(consumer.priority(), Line::new);
            top = lines.firstEntry().getValue();
        }
        line.append(consumer);
    }

    /** Removes a consumer; nothing changes if it is not waiting. */
    void remove(QueueConsumer consumer) {
        Line line = consumer.line();
        if (line == null) {
            return;
        }
        line.remove(consumer);
        if (line.first == null) {
            lines.remove(line.priority);
            top = lines.isEmpty() ? null : lines.firstEntry().getValue();
        }
    }

    /** A consumer has been served: it is the last of its priority now. */
    void served(QueueConsumer consumer) {
        Line line = consumer.line();
        if (line != null && line.last != consumer) {
            line.remove(consumer);
            line.append(consumer);
        }
    }

    /** All of them in their turn; to be used no more when one has been added, removed or served. */
    @Override
    public Iterator<QueueConsumer> iterator() {
        Iterator<Line> rest = lines.values().iterator();
        return new Iterator<>() {

            private @Nullable QueueConsumer next = firstOf(rest);

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public QueueConsumer next() {
                QueueConsumer found = next;
                if (found == null) {
                    throw new NoSuchElementException();
                }
                next = found.next();
                if (next == null) {
                    next = firstOf(rest);
                }
                return found;
            }
        };
    }

    private static @Nullable QueueConsumer firstOf(Iterator<Line> lines) {
        return lines.hasNext() ? lines.next().first : null;
    }
}
