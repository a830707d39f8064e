package io.fanfare.queue;

import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.LongJobs;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.options.QueueOptions;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.statistics.MessageCounts;
import io.fanfare.statistics.QueueStatistics;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A destination that keeps each message until one subscriber has settled it. Shared by all loops; everything in here
 * happens under its lock.
 */
public final class Queue {

    /** What it is called; null: the queue of one subscription, which has no name. */
    private final @Nullable Destination destination;

    private final QueueOptions options;
    private final Steps steps;
    private final Contents contents;
    private final Dispatcher dispatcher;
    /** Whether a loop will go on handing out what one operation could not. */
    private boolean goesOn;
    /** How many give back a part at a time just now. */
    private int returning;
    /** What a NACK gave back and is not ready yet. */
    private final Redeliveries redeliveries;
    /** The quota that it counts against; null: none. */
    private final @Nullable DestinationQuota founder;
    /** Whether it outlives its last consumer and message. */
    private final boolean kept;
    /** Volatile, as its first messages may come before {@link #share} has returned; null: all messages are here. */
    private volatile @Nullable Upstream upstream;

    private boolean gone;

    /** A queue, as its fields say; steps limit what one operation may do. */
    Queue(
            @Nullable Destination destination,
            long number,
            QueueOptions options,
            Memory memory,
            MessageCounts counts,
            @Nullable DestinationQuota founder,
            boolean kept,
            Steps steps) {
        this.destination = destination;
        this.options = options;
        this.redeliveries = new Redeliveries(options, memory.clock());
        this.founder = founder;
        this.kept = kept;
        this.steps = steps;
        this.contents = new Contents(destination, number, options, memory, counts, steps);
        this.dispatcher = new Dispatcher(contents.ready(), contents.groups(), steps);
    }

    public @Nullable Destination destination() {
        return destination;
    }

    /** Connects a queue whose messages come from elsewhere; called once, before any other thread knows it. */
    Queue share(Upstream.Origin origin, MessageCounts counts, BrokerClock clock) {
        Upstream.Local local = new Upstream.Local(this, contents, dispatcher, options);
        upstream = Upstream.open(destination, local, counts, clock, origin);
        return this;
    }

    /** Where its messages come from and are settled when several nodes share it; null: here. */
    @Nullable
    Upstream upstream() {
        return upstream;
    }

    /**
     * Makes room for messages; {@link #fill} or {@link #release} follows. Called by any thread.
     *
     * @return false when the queue has gone in the meantime
     * @throws ProtocolException when they don't all fit; nothing has changed then
     */
    public synchronized boolean reserve(List<Message> coming) {
        if (gone) {
            return false;
        }
        steps.begin();
        contents.reserve(coming);
        return true;
    }

    /** Gives the room back. */
    public synchronized void release(List<Message> notComing) {
        contents.release(notComing);
    }

    /** Takes the messages that room was made for, with nothing between them. */
    public synchronized Outcome fill(List<Message> come) {
        if (gone) {
            contents.release(come);
            return Outcome.dropped(come);
        }
        steps.begin();
        long before = dispatcher.count();
        List<QueueEntry> forNow = List.of();
        for (int i = 0; i < come.size(); i++) {
            QueueEntry entry = contents.add(come.get(i));
            if (come.size() == 1 && returning == 0 && dispatcher.pass(entry)) {
                continue;
            }
            contents.ready().put(entry);
            dispatcher.added(entry);
            if (entry.isForNow()) {
                forNow = forNow.isEmpty() ? new ArrayList<>() : forNow;
                forNow.add(entry);
            }
        }
        // publishers do not do the work of consumers that are late
        dispatch(false);
        int taken = (int) Math.min(come.size(), dispatcher.count() - before);
        // nothing waits for these now, and they are kept for none
        int dropped = contents.drop(forNow);
        return new Outcome(come.size(), taken, come.size() - taken - dropped, dropped);
    }

    /** Takes one message; throws a ProtocolException when there is no room. */
    public synchronized void offer(Message message) {
        if (reserve(List.of(message))) {
            fill(List.of(message));
        }
    }

    /** Adds a consumer, with its credit; false when the queue has gone in the meantime. */
    public synchronized boolean subscribe(QueueConsumer consumer) {
        if (gone) {
            return false;
        }
        steps.begin();
        dispatcher.add(consumer);
        removeExpiredAndDispatch();
        return true;
    }

    /** Removes a consumer; what it has not settled and does not give back stays its own to settle. */
    public synchronized void unsubscribe(QueueConsumer consumer) {
        steps.begin();
        dispatcher.remove(consumer);
        removeExpiredAndDispatch();
    }

    /** These are done with, a part at a time: the consumer, if it is still there, may have as many new ones. */
    public void settle(QueueConsumer consumer, List<QueueEntry> entries) {
        int from = 0;
        do {
            int to = Math.min(entries.size(), from + steps.limit());
            settlePart(consumer, entries.subList(from, to));
            from = to;
        } while (from < entries.size());
    }

    private synchronized void settlePart(QueueConsumer consumer, List<QueueEntry> entries) {
        steps.begin();
        contents.settled(entries, steps);
        steps.begin();
        dispatcher.addCredit(consumer, entries.size());
        removeExpiredAndDispatch();
    }

    /**
     * Gives back entries, delivered or on their way, that have not been settled: others get them, before newer ones.
     *
     * @return those that have been delivered too often, which the caller now has to put elsewhere
     */
    List<QueueEntry> giveBack(QueueConsumer consumer, List<QueueEntry> entries) {
        return putBack(entries, () -> dispatcher.addCredit(consumer, entries.size()));
    }

    /**
     * As {@link #giveBack}, but those that a NACK is about may have to wait among {@link #redeliveries}.
     *
     * @param millis how long; {@link Deliveries#BACK_OFF}: as their deliveries and the options say
     * @param now the loop's clock, nanoseconds
     */
    List<QueueEntry> giveBackLater(QueueConsumer consumer, List<QueueEntry> entries, long millis, long now) {
        List<QueueEntry> atOnce = entries.stream()
                .filter(each -> each.isForNow()
                        || DeadLetters.isDue(destination, each.deliveries(), options)
                        || !redeliveries.add(each, millis, now))
                .toList();
        // a consumer that waits for its own message may have others
        return putBack(atOnce, () -> dispatcher.addCredit(consumer, entries.size()));
    }

    /**
     * As {@link #unsubscribe} and {@link #giveBack} in one: no consumer gets newer messages before these.
     *
     * @return those that have been delivered too often
     */
    public List<QueueEntry> leave(QueueConsumer consumer, List<QueueEntry> entries) {
        return putBack(entries, () -> dispatcher.remove(consumer));
    }

    Redeliveries redeliveries() {
        return redeliveries;
    }

    /** These have waited long enough and are ready again, in their old places. */
    void redeliver(List<QueueEntry> due) {
        putBack(due, () -> {});
    }

    /**
     * Puts back a part at a time, so that others get the lock between. Until the last part has come no message is handed out.
     *
     * @param then happens with the last part
     */
    private List<QueueEntry> putBack(List<QueueEntry> entries, Runnable then) {
        List<QueueEntry> dead = new ArrayList<>(0);
        int from = 0;
        while (true) {
            int to = Math.min(entries.size(), from + steps.limit());
            boolean isLast = to == entries.size();
            synchronized (this) {
                returning += from == 0 && !isLast ? 1 : from > 0 && isLast ? -1 : 0;
                try {
                    putBackPart(entries.subList(from, to), dead);
                } catch (RuntimeException | Error e) {
                    // or nothing would be handed out ever again
                    returning -= isLast ? 0 : 1;
                    throw e;
                }
                if (isLast) {
                    steps.begin();
                    then.run();
                    removeExpiredAndDispatch();
                    return dead;
                }
            }
            from = to;
        }
    }

    private void putBackPart(List<QueueEntry> entries, List<QueueEntry> dead) {
        steps.begin();
        for (QueueEntry entry : entries) {
            steps.take();
            if (entry.isForNow() || (gone && !DeadLetters.isDue(destination, entry.deliveries(), options))) {
                // its time was over when it had been delivered, or with the queue's
                contents.forget(entry);
            } else if (DeadLetters.isDue(destination, entry.deliveries(), options)) {
                contents.forget(entry);
                dead.add(entry);
            } else {
                contents.ready().put(entry);
                dispatcher.added(entry);
            }
        }
    }

    private void removeExpiredAndDispatch() {
        contents.removeExpired();
        dispatch(true);
    }

    private void dispatch(boolean all) {
        if (returning > 0) {
            return;
        }
        if (upstream != null) {
            upstream.tellCredit();
        }
        QueueConsumer next = dispatcher.dispatch(all);
        if (next != null && !goesOn) {
            goesOn = true;
            next.loop().executeInParts(part -> goOn());
        }
    }

    /** Hands out another part; what is left then is another job, of the loop of a consumer that waits. */
    private synchronized boolean goOn() {
        goesOn = false;
        steps.begin();
        removeExpiredAndDispatch();
        return false;
    }

    /** Throws away the oldest ready messages, a bounded number, for this one; false when there can be no room for it. */
    public synchronized boolean dropOldestFor(Message message) {
        return contents.dropOldestFor(message);
    }

    /** Ends a queue whose owner has gone; the job lets go of what no consumer has, outside of the lock. */
    synchronized LongJobs.Job abandon() {
        gone = true;
        return contents.abandon(redeliveries.close());
    }

    /** Retires a queue without messages and consumers; true when it is retired, and takes nothing any more. */
    synchronized boolean retireIfUnused() {
        steps.begin();
        contents.removeExpired();
        if (!gone && !kept && contents.isEmpty() && dispatcher.isEmpty()) {
            gone = true;
            contents.retire();
        }
        return gone;
    }

    /** Gives its place in the quota back, and takes no messages any more; called once, when it has been removed. */
    void removed() {
        if (founder != null) {
            founder.remove(1);
        }
        if (upstream != null) {
            upstream.close();
        }
    }

    /** Removes messages that have expired, a bounded number; returns how many. 0: no others are left. */
    synchronized int sweep() {
        steps.begin();
        return contents.removeExpired();
    }

    /** Whether there is a ready message with a time to live. */
    synchronized boolean mayExpire() {
        return !gone && contents.ready().mayExpire();
    }

    /** What operators see of it, and do to it. */
    QueueAdministration.Desk desk() {
        return new QueueAdministration.Desk(this, contents, dispatcher, steps);
    }

    /** What it holds at this moment; called by any thread. */
    synchronized QueueStatistics statistics() {
        return contents.statistics(dispatcher.consumerCount());
    }

    /** What its operations have done under the lock so far. */
    synchronized Steps steps() {
        return steps;
    }
}
