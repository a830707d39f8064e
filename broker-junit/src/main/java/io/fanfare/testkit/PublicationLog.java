package io.fanfare.testkit;

import io.fanfare.frame.Headers;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Record of what was published since the last clear: the last 10,000 messages, and 16 MiB of bodies. Any thread may call.
 */
final class PublicationLog {

    /** The most messages that are kept; the oldest goes first. */
    static final int MAX_MESSAGES = 10_000;

    private static final long MAX_BYTES = 16L << 20;

    private final ArrayDeque<PublishedMessage> messages = new ArrayDeque<>();
    private long bytes;
    private long forgotten;

    /** Since the beginning. */
    private long added;

    /** As {@link #add(PublishedMessage)}. */
    void add(String destination, Headers headers, byte[] body) {
        add(new PublishedMessage(destination, headers, body));
    }

    /** Adds a message, and wakes those that wait for one. */
    synchronized void add(PublishedMessage message) {
        messages.add(message);
        added++;
        bytes += message.body().length;
        while (messages.size() > MAX_MESSAGES || (bytes > MAX_BYTES && messages.size() > 1)) {
            bytes -= messages.remove().body().length;
            forgotten++;
        }
        notifyAll();
    }

    /** Forgets all messages. */
    synchronized void clear() {
        messages.clear();
        bytes = 0;
        forgotten = 0;
    }

    /** The messages that fit, in the order in which they were published. */
    List<PublishedMessage> all(Predicate<PublishedMessage> fits) {
        // a predicate is a test's: it may ask the broker, or wait, while messages are added
        return now().stream().filter(fits).toList();
    }

    private synchronized List<PublishedMessage> now() {
        return List.copyOf(messages);
    }

    /** How many were forgotten because there were too many. */
    synchronized long forgotten() {
        return forgotten;
    }

    /**
     * Waits until so many messages fit.
     *
     * @param deadline by {@link System#nanoTime}
     * @return whether there are that many; false when the deadline has passed, or the thread was interrupted, which stays set
     */
    boolean await(Predicate<PublishedMessage> fits, int count, long deadline) {
        long looked = added();
        while (all(fits).size() < count) {
            if (!awaitMore(looked, deadline)) {
                return false;
            }
            looked = added();
        }
        return true;
    }

    private synchronized long added() {
        return added;
    }

    private synchronized boolean awaitMore(long than, long deadline) {
        try {
            while (added == than) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
