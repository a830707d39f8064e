package io.fanfare.broker;

import io.fanfare.frame.ProtocolException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A destination that keeps each message until one subscriber has settled it. Shared by all loops; everything in here
 * happens under its lock, which hands a message to one consumer with credit, in turn.
 */
final class Queue {

    private final String name;
    private final long number;
    private final int maxMessages;
    private final long maxBytes;
    private final ArrayDeque<QueueEntry> ready = new ArrayDeque<>();

    /** Came back unsettled; all of them are older than what is ready. */
    private final PriorityQueue<QueueEntry> returned = new PriorityQueue<>(Comparator.comparingLong(QueueEntry::place));

    private final List<Consumer> consumers = new ArrayList<>();
    private int nextConsumer;
    private long sequence;

    /** Messages that are not settled, and their size: the ready ones and the delivered ones. */
    private int messages;

    private long bytes;
    private boolean gone;

    /**
     * A queue of this name.
     *
     * @param name its destination, or for the private queue of a topic's subscription that of the topic
     */
    Queue(String name, long number, BrokerOptions options) {
        this.name = name;
        this.number = number;
        this.maxMessages = options.maxQueueMessages();
        this.maxBytes = options.maxQueueBytes();
    }

    /**
     * Takes a message; called by any thread.
     *
     * @return false when the queue has gone in the meantime and a new one is needed
     * @throws ProtocolException when the queue is full; nothing has changed then
     */
    synchronized boolean offer(Message message) {
        if (gone) {
            return false;
        }
        if (messages >= maxMessages) {
            throw full(String.format("%,d messages, its limit (max_queue_messages)", messages));
        }
        if (bytes + message.size() > maxBytes) {
            throw full(String.format("%,d B of the %,d it may (max_queue_bytes)", bytes, maxBytes));
        }
        sequence++;
        if (!message.isPlaced()) {
            message.place(number, sequence);
        }
        messages++;
        bytes += message.size();
        ready.add(new QueueEntry(message, sequence));
        dispatch();
        return true;
    }

    private ProtocolException full(String held) {
        return new ProtocolException("queue full", name + " holds " + held);
    }

    /** Adds a consumer, with its credit; false when the queue has gone in the meantime. */
    synchronized boolean subscribe(Consumer consumer) {
        if (gone) {
            return false;
        }
        consumers.add(consumer);
        dispatch();
        return true;
    }

    /** Removes a consumer; what it has not settled and does not give back stays its own to settle. */
    synchronized void unsubscribe(Consumer consumer) {
        consumers.remove(consumer);
        nextConsumer = 0;
    }

    /** These are done with: the consumer, if it is still there, may have as many new ones. */
    synchronized void settle(Consumer consumer, int count, long size) {
        messages -= count;
        bytes -= size;
        consumer.addCredit(count);
        dispatch();
    }

    /** These were delivered, or on their way, and have not been settled: others get them, before newer ones. */
    synchronized void giveBack(Consumer consumer, List<QueueEntry> entries) {
        returned.addAll(entries);
        consumer.addCredit(entries.size());
        dispatch();
    }

    /** Whether nobody would miss it; it is of no use any more when the answer is yes. */
    synchronized boolean goIfUnused() {
        gone = messages == 0 && consumers.isEmpty();
        return gone;
    }

    private void dispatch() {
        while (!(returned.isEmpty() && ready.isEmpty())) {
            Consumer consumer = nextWithCredit();
            if (consumer == null) {
                return;
            }
            QueueEntry entry = returned.isEmpty() ? ready.remove() : returned.remove();
            consumer.take(entry);
        }
    }

    private @Nullable Consumer nextWithCredit() {
        for (int tries = consumers.size(); tries > 0; tries--) {
            if (nextConsumer >= consumers.size()) {
                nextConsumer = 0;
            }
            Consumer consumer = consumers.get(nextConsumer++);
            if (consumer.hasCredit()) {
                return consumer;
            }
        }
        return null;
    }

    String name() {
        return name;
    }
}
