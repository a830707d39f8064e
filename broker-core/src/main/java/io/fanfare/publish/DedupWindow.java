package io.fanfare.publish;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Ids that one owner has published not long ago, the oldest first. The thread that has {@linkplain DedupWindows#enter entered}
 * it has it alone until it closes it: a repeat waits until the fate of the first is decided.
 */
final class DedupWindow implements AutoCloseable {

    /** Ids that one visit forgets because their time is over, or for want of room. */
    static final int STEPS = 100;

    /** Of the objects of a window without ids. */
    private static final long OVERHEAD_BYTES = 400;

    private final DedupWindows windows;
    private final DedupId.Owner owner;
    private final ReentrantLock lock = new ReentrantLock();

    /** When they are forgotten, in the loops' nanoseconds. */
    private final LinkedHashMap<String, Long> ids = new LinkedHashMap<>();

    private long idBytes;

    /** Threads that have it or wait for it, and when the last one came; {@link DedupWindows} guards both. */
    int visitors;

    long visited;

    DedupWindow(DedupWindows windows, DedupId.Owner owner) {
        this.windows = windows;
        this.owner = owner;
    }

    void lock() {
        lock.lock();
        forgetOld();
    }

    private void forgetOld() {
        long now = windows.now();
        Iterator<Map.Entry<String, Long>> oldest = ids.entrySet().iterator();
        for (int steps = 0; steps < STEPS && oldest.hasNext(); steps++) {
            Map.Entry<String, Long> each = oldest.next();
            if (isOver(each.getValue(), now)) {
                oldest.remove();
                count(-DedupId.bytes(each.getKey()));
            } else {
                return;
            }
        }
    }

    private static boolean isOver(long end, long now) {
        return now - end >= 0;
    }

    /** Whether the message of this id has been published. */
    boolean has(DedupId id) {
        assert lock.isHeldByCurrentThread();
        Long end = ids.get(id.key());
        return end != null && !isOver(end, windows.now());
    }

    /** The message of this id has been published. */
    void add(DedupId id) {
        assert lock.isHeldByCurrentThread();
        // one whose time was over may be there still; what is put again keeps its old place
        if (ids.remove(id.key()) != null) {
            count(-id.bytes());
        }
        long bytes = id.bytes();
        for (int steps = 0; steps < STEPS && !ids.isEmpty() && !windows.hasRoom(ids.size(), bytes); steps++) {
            String oldest = ids.keySet().iterator().next();
            ids.remove(oldest);
            count(-DedupId.bytes(oldest));
        }
        ids.put(id.key(), windows.now() + windows.nanos());
        count(bytes);
    }

    /** The message of this id has not been published after all. */
    void remove(DedupId id) {
        assert lock.isHeldByCurrentThread();
        if (ids.remove(id.key()) != null) {
            count(-id.bytes());
        }
    }

    private void count(long bytes) {
        idBytes += bytes;
        windows.hold(bytes);
    }

    DedupId.Owner owner() {
        return owner;
    }

    boolean isEmpty() {
        return ids.isEmpty();
    }

    /** About what it takes, bytes. */
    long bytes() {
        return OVERHEAD_BYTES + owner.name().length() + idBytes;
    }

    @Override
    public void close() {
        lock.unlock();
        windows.leave(this);
    }
}
