package io.fanfare.queue;

import io.fanfare.backplane.SharedQueue;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.Message;
import io.fanfare.message.Target;
import io.fanfare.statistics.QueueStatistics;
import io.fanfare.status.QueueStatus;
import io.fanfare.status.QueuedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Inspection and operations of named queues, for operators. Any thread may call. A queue's lock is held for a bounded
 * number of steps; what takes more is done in parts, between which others have the lock.
 */
public final class QueueAdministration {

    /** The effect of an action on messages. */
    public enum Outcome {
        DONE,
        /** There is no such queue. */
        NOT_FOUND,
        /** Consumers have the queue, or messages of it. */
        IN_USE
    }

    /**
     * The effect of a move.
     *
     * @param messages how many have been moved
     * @param refusal why the others stay; null: all have been moved
     */
    public record Moved(long messages, @Nullable ProtocolException refusal) {}

    private final Queues queues;
    private final String messageIdPrefix;

    /**
     * Administration of these queues.
     *
     * @param messageIdPrefix what message ids of this broker begin with
     */
    public QueueAdministration(Queues queues, String messageIdPrefix) {
        this.queues = queues;
        this.messageIdPrefix = messageIdPrefix;
    }

    /** Each queue; ones that come or go meanwhile may be among them. */
    public Stream<QueueStatus> all() {
        return Stream.concat(
                queues.named()
                        .filter(queue -> queue.upstream() == null)
                        .map(queue -> queue.desk().status()),
                queues.outside().stream().map(this::status));
    }

    public Optional<QueueStatus> find(Destination destination) {
        return queues.outside().stream()
                .filter(each -> each.destination().equals(destination))
                .findAny()
                .map(this::status)
                .or(() -> Optional.ofNullable(queues.existing(destination))
                        .map(queue -> queue.desk().status()));
    }

    /** A queue that several nodes share, of all of them. */
    private QueueStatus status(SharedQueue shared) {
        return new QueueStatus(
                DestinationText.address(shared.destination()),
                (int) Math.min(shared.ready(), Integer.MAX_VALUE),
                (int) Math.min(shared.unacknowledged(), Integer.MAX_VALUE),
                0,
                0,
                shared.bytes(),
                consumers(queues, shared),
                shared.oldest(),
                shared.messagesIn(),
                shared.messagesOut(),
                true);
    }

    private static int consumers(Queues queues, SharedQueue shared) {
        Queue here = queues.existing(shared.destination());
        return shared.consumersElsewhere()
                + (here == null ? 0 : here.statistics().consumers());
    }

    /** What each queue holds, one after the other, of a shared one what all nodes hold; those without a name have an empty one. */
    public static Stream<QueueStatistics> statistics(Queues queues) {
        return Stream.concat(
                queues.all()
                        .filter(each -> each.destination() == null || each.upstream() == null)
                        .map(Queue::statistics),
                queues.outside().stream()
                        .map(shared -> new QueueStatistics(
                                DestinationText.address(shared.destination()),
                                (int) Math.min(shared.ready(), Integer.MAX_VALUE),
                                (int) Math.min(shared.unacknowledged(), Integer.MAX_VALUE),
                                shared.bytes(),
                                consumers(queues, shared))));
    }

    /** What operators see of any queue, one without a name too. */
    public static QueueStatus status(Queue queue) {
        return queue.desk().status();
    }

    private Optional<Desk> desk(Destination destination) {
        return Optional.ofNullable(queues.existing(destination)).map(Queue::desk);
    }

    /**
     * Ready messages in their order, without taking them; empty: there is no such queue.
     *
     * @param after the place behind which to begin; -1: the first
     * @param maxBytes of bodies; the first message comes however large it is
     */
    public Optional<List<QueuedMessage>> peek(Destination destination, long after, int most, long maxBytes) {
        return desk(destination).map(desk -> peek(desk, after, most, maxBytes));
    }

    private List<QueuedMessage> peek(Desk desk, long after, int most, long maxBytes) {
        List<QueuedMessage> found = new ArrayList<>();
        long bytes = 0;
        long place = after;
        while (found.size() < most) {
            List<QueueEntry> part = desk.browse(place, Math.min(Steps.LIMIT, most - found.size()));
            if (part.isEmpty()) {
                return found;
            }
            for (QueueEntry entry : part) {
                bytes += entry.message().body().length;
                if (bytes > maxBytes && !found.isEmpty()) {
                    return found;
                }
                found.add(shown(entry));
                place = entry.place();
            }
        }
        return found;
    }

    private QueuedMessage shown(QueueEntry entry) {
        Message message = entry.message();
        return new QueuedMessage(
                entry.place(),
                messageIdPrefix + message.destination() + "-" + message.sequence(),
                message.headers(),
                message.body(),
                message.timestamp(),
                message.properties().priority(),
                entry.deliveries());
    }

    /**
     * Throws away the ready messages of this moment.
     *
     * @return how many; empty: there is no such queue
     */
    public Optional<Long> purge(Destination destination) {
        return desk(destination).map(desk -> {
            long purged = 0;
            for (Desk.Cursor cursor = desk.cursor(); !cursor.isAtEnd; ) {
                List<QueueEntry> part = desk.take(cursor);
                desk.forget(part);
                purged += part.size();
            }
            queues.collect(desk.queue);
            return purged;
        });
    }

    /** Throws away what no consumer has in any queue that has a name, also what waits for its redelivery. */
    public void clear() {
        queues.named().forEach(queue -> {
            queue.redeliver(queue.redeliveries().takeAll());
            Destination destination = queue.destination();
            if (destination != null && queue.upstream() == null) {
                purge(destination);
            }
        });
    }

    /**
     * Moves the ready messages of this moment, with their headers, to the end of another queue.
     *
     * @param publish puts some of them there, all or none
     * @return the effect; empty: there is no queue to move from
     */
    public Optional<Moved> move(
            Destination from, Destination to, Function<List<Message>, io.fanfare.message.Outcome> publish) {
        return desk(from).map(desk -> {
            Moved moved = move(desk, new Target(to, DestinationText.of(to)), publish);
            queues.collect(desk.queue);
            return moved;
        });
    }

    private static Moved move(Desk desk, Target target, Function<List<Message>, io.fanfare.message.Outcome> publish) {
        long moved = 0;
        for (Desk.Cursor cursor = desk.cursor(); !cursor.isAtEnd; ) {
            List<QueueEntry> part = desk.take(cursor);
            if (part.isEmpty()) {
                continue;
            }
            List<Message> messages = part.stream()
                    .map(entry -> entry.message().to(target).withoutSender())
                    .toList();
            try {
                if (publish.apply(messages).dropped() == messages.size()) {
                    throw new ProtocolException("queue full", target.shown() + " has no room, or is gone");
                }
            } catch (ProtocolException e) {
                // back to their old places
                desk.queue.redeliver(part);
                return new Moved(moved, e);
            }
            desk.forget(part);
            moved += part.size();
        }
        return new Moved(moved, null);
    }

    /** Deletes a queue with its ready messages, unless it has consumers or they have messages of it. */
    public Outcome delete(Destination destination) {
        Queue queue = queues.existing(destination);
        if (queue == null) {
            return Outcome.NOT_FOUND;
        }
        QueueStatus status = queue.desk().status();
        if (status.consumers() > 0 || status.unacknowledged() > 0) {
            return Outcome.IN_USE;
        }
        purge(destination);
        // a message or a consumer that has come meanwhile keeps it, as does one that waits for its delay
        return queues.existing(destination) == queue ? Outcome.IN_USE : Outcome.DONE;
    }

    /** One queue as operators see it. Each method takes the queue's lock once. */
    static final class Desk {

        /** Where a job has come to that goes through the messages of the moment at which it began. */
        static final class Cursor {
            private final long last;
            private long place = -1;
            private boolean isAtEnd;

            private Cursor(long last) {
                this.last = last;
            }
        }

        private final Queue queue;
        private final Contents contents;
        private final Dispatcher dispatcher;
        private final Steps steps;

        Desk(Queue queue, Contents contents, Dispatcher dispatcher, Steps steps) {
            this.queue = queue;
            this.contents = contents;
            this.dispatcher = dispatcher;
            this.steps = steps;
        }

        QueueStatus status() {
            int redelivering = queue.redeliveries().count();
            Destination named = queue.destination();
            synchronized (queue) {
                int ready = contents.ready().size();
                return new QueueStatus(
                        named == null ? "" : DestinationText.address(named),
                        ready,
                        Math.max(0, contents.present() - ready - redelivering),
                        redelivering,
                        contents.expected(),
                        contents.bytes(),
                        dispatcher.consumerCount(),
                        oldest(),
                        contents.sequence(),
                        dispatcher.count(),
                        false);
            }
        }

        /** The first message of a priority is its oldest. */
        private @Nullable Long oldest() {
            QueueEntry entry = contents.ready().from(0);
            Long oldest = null;
            while (entry != null) {
                long time = entry.message().timestamp();
                oldest = oldest == null ? time : Math.min(oldest, time);
                int priority = entry.message().properties().priority();
                entry = priority == 0 ? null : contents.ready().from(QueueEntry.firstPlace(priority - 1));
            }
            return oldest;
        }

        /**
         * Some of the ready messages, in order, without taking them. There may be expired ones among them.
         *
         * @param after the place behind which to begin
         */
        List<QueueEntry> browse(long after, int most) {
            synchronized (queue) {
                steps.begin();
                return contents.ready().behind(after, most);
            }
        }

        Cursor cursor() {
            synchronized (queue) {
                return new Cursor(contents.sequence());
            }
        }

        /** Takes the next part of the ready messages out of the order; they still count until {@link #forget}. */
        List<QueueEntry> take(Cursor cursor) {
            synchronized (queue) {
                steps.begin();
                List<QueueEntry> part = contents.ready().behind(cursor.place, steps.limit());
                cursor.isAtEnd = part.size() < steps.limit();
                List<QueueEntry> taken = new ArrayList<>(part.size());
                for (QueueEntry entry : part) {
                    cursor.place = entry.place();
                    if (entry.sequence() <= cursor.last) {
                        contents.ready().remove(entry);
                        taken.add(entry);
                    }
                }
                return taken;
            }
        }

        /** These leave the queue for good. */
        void forget(List<QueueEntry> taken) {
            synchronized (queue) {
                steps.begin();
                contents.settled(taken, steps);
            }
        }
    }
}
