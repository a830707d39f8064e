package io.fanfare.loop;

import io.fanfare.statistics.Count;
import io.fanfare.statistics.LoopCounts;
import io.fanfare.statistics.SlowAction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The outboxes of one loop whose sockets are full. Owned by the loop; what is for any thread says so. */
final class BlockedOutboxes {

    /** Connections that are cut in one turn, at most. */
    private static final int MOST_AT_ONCE = 256;

    /** With less in its outbox, cutting a connection would free next to nothing. */
    private static final long WORTHWHILE_BYTES = 4 << 10;

    private final Set<Outbox> all = Collections.newSetFromMap(new IdentityHashMap<>());

    private final LoopCounts counts;

    /** Outboxes that publishers wait for; written by the loop. */
    private volatile int congested;

    /** Run when publishers wait for an outbox less. */
    private Runnable onRelief = () -> {};

    /** None; their number is told to the counts. */
    BlockedOutboxes(LoopCounts counts) {
        this.counts = counts;
    }

    void add(Outbox outbox) {
        assert outbox.loop().isCurrent();
        all.add(outbox);
        counts.set(Count.BLOCKED, all.size());
    }

    void remove(Outbox outbox) {
        assert outbox.loop().isCurrent();
        all.remove(outbox);
        counts.set(Count.BLOCKED, all.size());
    }

    /** An outbox that publishers wait for more, or less. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void congested(int change) {
        congested += change;
        if (change > 0) {
            counts.slow(SlowAction.HOLD_PUBLISHERS);
        } else {
            onRelief.run();
        }
    }

    /** Has a task run whenever publishers wait for an outbox less. */
    void onRelief(Runnable task) {
        onRelief = task;
    }

    /** Whether publishers wait for one; asked by any thread. */
    boolean isCongested() {
        return congested > 0;
    }

    /**
     * Has connections cut that have taken nothing for a tenth of the write timeout (a second at most), those with the most bytes first. What
     * they share with others stays, so that more may have to go the next time.
     *
     * @param excess bytes that should become free
     */
    void cutStalled(long now, long excess) {
        List<Outbox> stalled = new ArrayList<>();
        for (Outbox outbox : all) {
            if (outbox.waiting() >= WORTHWHILE_BYTES && outbox.isStalled(now)) {
                stalled.add(outbox);
            }
        }
        stalled.sort(Comparator.comparingLong(Outbox::waiting).reversed());
        long free = 0;
        for (int i = 0; i < Math.min(MOST_AT_ONCE, stalled.size()) && free < excess; i++) {
            Outbox outbox = stalled.get(i);
            free += outbox.waiting();
            remove(outbox);
            outbox.reclaim();
        }
    }
}
