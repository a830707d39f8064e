package io.fanfare.publish;

import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.options.DedupOptions;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The windows of all owners of ids. A window ends when its owner has sent no id for as long as an id counts; within one that is
 * in use, each visit forgets what is too old. Any thread may call.
 */
final class DedupWindows {

    /** Windows that end in one turn, or make room for one id. */
    private static final int STEPS = 100;

    private final DedupOptions options;
    private final Memory memory;
    private final Loops loops;

    /** The one that was visited longest ago first. */
    private final Map<DedupId.Owner, DedupWindow> windows = new LinkedHashMap<>(16, 0.75f, true);

    /** What all of them take. */
    private final AtomicLong bytes = new AtomicLong();

    /** Whether a timer runs that ends windows. */
    private boolean swept;

    DedupWindows(DedupOptions options, Memory memory, Loops loops) {
        this.options = options;
        this.memory = memory;
        this.loops = loops;
    }

    /** The window of this owner, which stays as long as a thread has not closed it. */
    DedupWindow enter(DedupId.Owner owner) {
        DedupWindow window;
        synchronized (this) {
            window = windows.computeIfAbsent(owner, this::begin);
            window.visitors++;
            window.visited = now();
        }
        window.forgetOld();
        return window;
    }

    private DedupWindow begin(DedupId.Owner owner) {
        DedupWindow window = new DedupWindow(this, owner);
        hold(window.bytes());
        return window;
    }

    /** A visit has ended. */
    void leave(DedupWindow window) {
        boolean first;
        synchronized (this) {
            window.visitors--;
            if (window.visitors == 0 && window.isEmpty()) {
                windows.remove(window.owner());
                hold(-window.bytes());
            }
            makeRoom();
            first = !swept && !windows.isEmpty();
            swept |= first;
        }
        if (first) {
            sweepLater();
        }
    }

    /** Has those end that were visited longest ago, as long as all together take too much. */
    private void makeRoom() {
        Iterator<DedupWindow> oldest = windows.values().iterator();
        for (int steps = 0; steps < STEPS && bytes.get() > options.maxDedupBytes() && oldest.hasNext(); steps++) {
            DedupWindow each = oldest.next();
            if (each.visitors == 0) {
                oldest.remove();
                hold(-each.bytes());
            }
        }
    }

    private void sweepLater() {
        loops.schedule(options.dedupWindow(), loop -> {
            long now = loop.nanoTime();
            loops.executeInParts(steps -> sweep(now, steps));
        });
    }

    /** Whether there is more to do in the next turn. */
    private boolean sweep(long now, int steps) {
        boolean isOver;
        boolean isEmpty;
        synchronized (this) {
            isOver = endOld(now, Math.min(steps, STEPS));
            isEmpty = windows.isEmpty();
            swept = !isEmpty;
        }
        if (isOver && !isEmpty) {
            sweepLater();
        }
        return !isOver;
    }

    /**
     * Has those end whose ids all are too old, at most so many.
     *
     * @return whether that was the last of them
     */
    private boolean endOld(long now, int most) {
        Iterator<DedupWindow> oldest = windows.values().iterator();
        for (int steps = 0; oldest.hasNext(); steps++) {
            DedupWindow each = oldest.next();
            if (each.visitors > 0 || now - each.visited < nanos()) {
                return true;
            }
            if (steps == most) {
                return false;
            }
            oldest.remove();
            hold(-each.bytes());
        }
        return true;
    }

    /** Ends the window of an owner that comes no more. */
    synchronized void end(DedupId.Owner owner) {
        DedupWindow window = windows.get(owner);
        if (window != null && window.visitors == 0) {
            windows.remove(owner);
            hold(-window.bytes());
        }
    }

    /** Ends all windows that no thread is in. */
    synchronized void clear() {
        windows.values().removeIf(window -> {
            boolean ends = window.visitors == 0;
            if (ends) {
                hold(-window.bytes());
            }
            return ends;
        });
    }

    /** Whether one more id of so many bytes may come to a window that has this many. */
    boolean hasRoom(int count, long more) {
        return count < options.maxDedupIds() && bytes.get() + more <= options.maxDedupBytes();
    }

    void hold(long more) {
        bytes.addAndGet(more);
        memory.hold(more);
    }

    /** How long an id counts. */
    long nanos() {
        return options.dedupWindow().toNanos();
    }

    long now() {
        return loops.nanoTime();
    }
}
