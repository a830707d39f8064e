package io.fanfare.loop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Items that other threads, and the loop itself, hand to one {@link EventLoop}, first in first out. Each item goes with the
 * {@link Receiver} that knows what to do with it.
 */
public class Mailbox {

    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

    /** Takes items of a mailbox on its loop's thread. */
    public interface Receiver {
        /** Takes the items from the first index to the last, exclusive; all are ones posted with this receiver. */
        void receive(Object[] items, int from, int to);
    }

    private static final int INITIAL = 64;
    private static final int KEEP_AT_MOST = 1 << 16;

    private Receiver[] receivers = new Receiver[INITIAL];
    private Object[] items = new Object[INITIAL];
    private int size;

    /** Memory of the items; written under the lock, read without it. */
    private volatile long bytes;

    /** Memory of the items that should come in one turn. */
    private volatile long maxBytes = Long.MAX_VALUE;

    /** Memory of items that were drained and still wait; written by the loop's thread, read by any. */
    private volatile long heldBack;

    /** Run when there are none of these any more; owned by the loop's thread. */
    private List<Runnable> whenNoneIsHeldBack = new ArrayList<>(0);

    /** Nanoseconds by the loop's clock. */
    private LongSupplier clock = () -> 0;

    /** When the first of the items came. */
    private long firstPosted;

    /** When the first of the items came that were drained last; owned by the loop's thread. */
    private long firstDrained;

    /** The arrays the loop is not filling from; owned by the loop's thread. */
    private Receiver[] spareReceivers = new Receiver[INITIAL];

    private Object[] spareItems = new Object[INITIAL];

    /** Has items timed by this clock; called before the first. */
    final void clock(LongSupplier nanoTime) {
        clock = nanoTime;
    }

    /** Adds an item that takes so much memory at the end; true when the mailbox was empty before. */
    public synchronized boolean post(Receiver receiver, Object item, long itemBytes) {
        if (size == items.length) {
            receivers = Arrays.copyOf(receivers, 2 * size);
            items = Arrays.copyOf(items, 2 * size);
        }
        if (size == 0) {
            firstPosted = clock.getAsLong();
        }
        receivers[size] = receiver;
        items[size] = item;
        bytes += itemBytes;
        return size++ == 0;
    }

    /** Memory of the items, about. */
    public final long bytes() {
        return bytes;
    }

    /** Sets how much should come in one turn. */
    final void limit(long most) {
        maxBytes = most;
    }

    /** Memory of the items that should come in one turn. */
    public final long maxBytes() {
        return maxBytes;
    }

    /** Whether it has more than should come in one turn; asked by any thread. */
    public final boolean isFull() {
        return bytes > maxBytes;
    }

    /** Counts memory of items that were drained and still wait, or no more; called by the loop's thread. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public final void holdBack(long change) {
        heldBack += change;
        if (heldBack == 0 && !whenNoneIsHeldBack.isEmpty()) {
            List<Runnable> tasks = whenNoneIsHeldBack;
            whenNoneIsHeldBack = new ArrayList<>(0);
            tasks.forEach(Runnable::run);
        }
    }

    /** Has a task run once, by the thread that hands out the last of the items that wait: they do now. Called by the loop's thread. */
    public final void whenNoneIsHeldBack(Runnable task) {
        whenNoneIsHeldBack.add(task);
    }

    /** Memory of items that were drained and still wait; asked by any thread. */
    public final long heldBack() {
        return heldBack;
    }

    public final synchronized boolean isEmpty() {
        return size == 0;
    }

    /**
     * Gives everything posted so far to the receivers. Neighbours for the same receiver go to it together, so that it can
     * do once what serves them all. What one throws is kept from the rest.
     *
     * @return how many there were
     */
    public final int drain() {
        Receiver[] fullReceivers;
        Object[] fullItems;
        int count;
        synchronized (this) {
            if (size == 0) {
                return 0;
            }
            firstDrained = firstPosted;
            fullReceivers = receivers;
            fullItems = items;
            count = size;
            receivers = spareReceivers;
            items = spareItems;
            size = 0;
            bytes = 0;
        }
        int from = 0;
        while (from < count) {
            Receiver receiver = fullReceivers[from];
            int to = from + 1;
            while (to < count && fullReceivers[to] == receiver) {
                to++;
            }
            try {
                receiver.receive(fullItems, from, to);
            } catch (RuntimeException | Error e) {
                LOG.error("bug in {}", receiver, e);
            }
            from = to;
        }
        spare(fullReceivers, fullItems, count);
        return count;
    }

    private void spare(Receiver[] usedReceivers, Object[] usedItems, int count) {
        if (count <= KEEP_AT_MOST) {
            Arrays.fill(usedReceivers, 0, count, null);
            Arrays.fill(usedItems, 0, count, null);
            spareReceivers = usedReceivers;
            spareItems = usedItems;
        } else {
            spareReceivers = new Receiver[INITIAL];
            spareItems = new Object[INITIAL];
        }
    }

    /** When the first of the items came that {@link #drain} gave away last, by the loop's clock. */
    final long firstDrained() {
        return firstDrained;
    }
}
