package io.fanfare.publish;

import io.fanfare.message.Outcome;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Ids that one owner has published not long ago, the oldest first. The thread that has {@linkplain DedupWindows#enter entered}
 * it has it alone until it closes it.
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

    /** Those whose messages are not decided yet, with what will be known of them. */
    private final Map<String, CompletionStage<Outcome>> open = new HashMap<>(0);

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

    /** Whether it is known what has become of the message of this id. */
    boolean isDecided(DedupId id) {
        assert lock.isHeldByCurrentThread();
        return !open.containsKey(id.key());
    }

    /** What a repeat of this id is: it is refused where the first message is refused after all. */
    Outcome repeat(DedupId id) {
        assert lock.isHeldByCurrentThread();
        CompletionStage<Outcome> first = open.get(id.key());
        return first == null ? Outcome.DUPLICATE : Outcome.accepted(first.thenApply(done -> Outcome.DUPLICATE));
    }

    /** What becomes of the message of this id is not known yet. */
    void await(DedupId id, CompletionStage<Outcome> effect) {
        assert lock.isHeldByCurrentThread();
        open.put(id.key(), effect);
    }

    /**
     * It is known what has become of the message of this id.
     *
     * @param effect as {@link #await} was told: a later message of the id may wait by now
     * @param isRefused whether it has not been published after all
     */
    void decide(DedupId id, CompletionStage<Outcome> effect, boolean isRefused) {
        assert lock.isHeldByCurrentThread();
        if (open.remove(id.key(), effect) && isRefused) {
            remove(id);
        }
    }

    /** The message of this id has been published, or will be. */
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

    private void remove(DedupId id) {
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
