package io.fanfare.message;

import io.fanfare.loop.Congestion;
import io.fanfare.quota.DestinationQuota;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The connection that sent a message, as far as its messages need to know it: by identity, and by the destinations that
 * came into being because of it. Messages outlive their connection, so this keeps nothing else of it.
 */
public final class Sender {

    private final DestinationQuota quota;

    /** The connection that this stands for; null: it is one itself. */
    private final @Nullable Sender original;

    /** Null before it is needed. */
    private volatile @Nullable Sender echo;

    /** A receiver of its messages that it waits for; null: none. */
    private volatile @Nullable Congestion congestion;

    /** Messages of it that wait, in its order, until their receivers have room. */
    private final AtomicInteger heldBack = new AtomicInteger();

    /** Runs when none of them waits any more; null: nobody asks. */
    private final AtomicReference<@Nullable Runnable> whenNoneWaits = new AtomicReference<>();

    public Sender(DestinationQuota quota) {
        this.quota = quota;
        this.original = null;
    }

    private Sender(Sender original) {
        this.quota = new DestinationQuota(Integer.MAX_VALUE);
        this.original = original;
    }

    /**
     * The sender of its messages when they come back to this node from where several nodes keep them: they are its own, and neither
     * destinations nor receivers of them are its business any more.
     */
    public Sender echo() {
        Sender known = echo;
        if (known == null) {
            known = new Sender(this);
            echo = known;
        }
        return known;
    }

    /** Whether it stands for a connection whose messages have come back from elsewhere. */
    public boolean isEcho() {
        return original != null;
    }

    /** Whether it has sent a message, be it that the message has come back from elsewhere. */
    boolean hasSent(Message message) {
        Sender by = message.sender();
        return by == this || (by != null && by.original == this);
    }

    public DestinationQuota quota() {
        return quota;
    }

    /** One of its messages waits for a receiver that takes them more slowly than they come; called by any thread. */
    public void waitFor(Congestion receiver) {
        congestion = receiver;
    }

    /** So many messages of it more, or less, wait until their receivers have room; called by any thread. */
    public void holdBack(int messages) {
        if (heldBack.addAndGet(messages) <= 0) {
            tellThatNoneWaits();
        }
    }

    /** Has a task run once, when no message of it waits any more: maybe at once, or on the thread that hands out the last. */
    public void whenNoneWaits(Runnable task) {
        whenNoneWaits.set(task);
        if (!isHeldBack()) {
            tellThatNoneWaits();
        }
    }

    private void tellThatNoneWaits() {
        Runnable task = whenNoneWaits.getAndSet(null);
        if (task != null) {
            task.run();
        }
    }

    /** Whether messages of it wait: what it sends now would come before them. Asked by any thread. */
    public boolean isHeldBack() {
        return heldBack.get() > 0;
    }

    /** Whether it should send on later, for a receiver's sake; called by any thread. */
    public boolean mustWait() {
        Congestion receiver = congestion;
        if (receiver == null) {
            return false;
        }
        if (receiver.holdsPublishers()) {
            return true;
        }
        congestion = null;
        return false;
    }
}
