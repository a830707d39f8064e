package io.fanfare.nats.internal.kept;

import io.fanfare.backplane.DurableKey;
import io.fanfare.backplane.DurableProgress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All durable subscriptions, as the records of their stream make them, in their order: the last claim counts, and what the holder
 * of the latest claim that has saved something has saved. All nodes read the same and so know the same, also one that reads
 * later what the stream has kept of it, which is the last record of each claim, and of each key the last claim or end. Not thread-safe.
 */
final class DurableTable {

    /**
     * One of them.
     *
     * @param last the record of the last claim, or of its holder
     * @param order the sequence of that claim
     * @param life the sequence of the first claim
     * @param progress how far it has come
     * @param progressOrder the sequence of the claim that has come so far
     * @param progressAt the sequence of the record that says so; 0: none has saved anything
     * @param node of the claim that has come so far
     * @param isLeft whether the holder of that one has left it in order
     * @param maybe of that one
     * @param isClaimKnown whether this node has read a claim, and not merely what its holder has saved
     * @param time of the last record, milliseconds of the epoch
     */
    record Entry(
            DurableRecord last,
            long order,
            long life,
            DurableProgress progress,
            long progressOrder,
            long progressAt,
            String node,
            boolean isLeft,
            long maybe,
            boolean isClaimKnown,
            long time) {

        /** Whether the last claim is left. */
        boolean isAway() {
            return isLeft && progressOrder == order;
        }
    }

    private record End(long sequence, long time) {}

    private final Map<DurableKey, Entry> entries = new HashMap<>();

    /** Of those that have ended: what their holders write later is of none. */
    private final Map<DurableKey, End> ends = new HashMap<>();

    @Nullable
    Entry get(DurableKey key) {
        return entries.get(key);
    }

    List<Entry> all() {
        return List.copyOf(entries.values());
    }

    void clear() {
        entries.clear();
        ends.clear();
    }

    /**
     * A record comes.
     *
     * @param time of the record, milliseconds of the epoch
     * @return what there was before of this key; empty: nothing
     */
    Optional<Entry> apply(long sequence, long time, DurableRecord record) {
        Entry before = entries.get(record.key());
        switch (record.kind()) {
            case CLAIM -> entries.put(record.key(), claimed(before, sequence, time, record));
            case SAVE -> {
                Entry saved = saved(before, sequence, time, record);
                if (saved != null) {
                    entries.put(record.key(), saved);
                }
            }
            case END -> {
                entries.remove(record.key());
                ends.put(record.key(), new End(sequence, time));
            }
        }
        return Optional.ofNullable(before);
    }

    private static Entry claimed(@Nullable Entry before, long sequence, long time, DurableRecord claim) {
        if (before == null || !goesOn(before, claim)) {
            return new Entry(claim, sequence, sequence, claim.progress(), 0, 0, claim.node(), true, 0, true, time);
        }
        return new Entry(
                claim,
                sequence,
                before.life(),
                before.progress(),
                before.progressOrder(),
                before.progressAt(),
                before.node(),
                before.isLeft(),
                before.maybe(),
                true,
                time);
    }

    private static boolean goesOn(Entry before, DurableRecord claim) {
        return before.last().terms().equals(claim.terms()) && (before.isClaimKnown() || before.life() == claim.life());
    }

    private @Nullable Entry saved(@Nullable Entry before, long sequence, long time, DurableRecord save) {
        End end = ends.get(save.key());
        if (end != null && save.order() < end.sequence()) {
            return null;
        }
        if (before == null || (save.order() > before.order() && !before.isClaimKnown())) {
            return new Entry(
                    save,
                    save.order(),
                    save.life(),
                    save.progress(),
                    save.order(),
                    sequence,
                    save.node(),
                    save.isLeft(),
                    save.maybe(),
                    false,
                    time);
        }
        if (save.life() != before.life() && !isOfSameClaim(before, save)) {
            return null;
        }
        return save.order() < before.progressOrder()
                ? null
                : new Entry(
                        before.last(),
                        before.order(),
                        save.life(),
                        save.progress(),
                        save.order(),
                        sequence,
                        save.node(),
                        save.isLeft(),
                        save.maybe(),
                        before.isClaimKnown(),
                        time);
    }

    /**
     * Whether two saves are of one claim, whose holder knew more of what was before than a node that has read the
     * stream later.
     */
    private static boolean isOfSameClaim(Entry before, DurableRecord save) {
        return before.last().claim().equals(save.claim());
    }

    /** Forgets what has had no record for so long: the stream has, too. */
    void expire(long now, Duration after) {
        entries.values().removeIf(each -> now - each.time() > after.toMillis());
        ends.values().removeIf(each -> now - each.time() > after.toMillis());
    }
}
