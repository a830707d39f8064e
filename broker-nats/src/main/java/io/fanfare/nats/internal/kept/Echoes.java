package io.fanfare.nats.internal.kept;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Messages that JetStream has acknowledged and this node has not read back yet. One whose place has been read
 * without it is missing: it does not come any more (decision 0068). Guarded by {@link KeptAppends}.
 */
final class Echoes {

    /** NATS has not said the place; one that is never read. */
    private static final long UNKNOWN = Long.MAX_VALUE;

    private final Map<String, KeptAppend> byId = new HashMap<>();
    private final Map<String, Reading> readings = new HashMap<>();

    /** How far a stream has been read. */
    private static final class Reading {

        private long read;

        /** By their places; also some that have come back. */
        private final PriorityQueue<KeptAppend> awaited =
                new PriorityQueue<>(Comparator.comparingLong((KeptAppend each) -> each.sequence));

        private final List<KeptAppend> missing = new ArrayList<>(0);
    }

    private Reading reading(String stream) {
        return readings.computeIfAbsent(stream, any -> new Reading());
    }

    /**
     * A stream has confirmed a message.
     *
     * @param sequence its place there; 0: not known
     * @return whether it is missing
     */
    boolean kept(KeptAppend append, long sequence) {
        byId.put(append.id, append);
        append.isKept(sequence > 0 ? sequence : UNKNOWN);
        Reading in = reading(append.stream);
        in.awaited.add(append);
        return findMissing(in);
    }

    /** A message has come back; null: none that is awaited. */
    @Nullable
    KeptAppend comesBack(String id) {
        return byId.remove(id);
    }

    /** All of a stream up to this place has been read; returns whether a message is missing that was not before. */
    boolean read(String stream, long sequence) {
        Reading in = reading(stream);
        in.read = sequence;
        return findMissing(in);
    }

    /**
     * A stream is read anew, as it is another one or has lost its end: what it has of what is awaited is in front of that.
     *
     * @param before the sequence behind which it is read
     * @param end its last sequence
     * @return whether a message is missing
     */
    boolean begins(String stream, long before, long end) {
        Reading in = reading(stream);
        in.read = before;
        List<KeptAppend> awaited = new ArrayList<>(in.awaited);
        awaited.addAll(in.missing);
        in.awaited.clear();
        in.missing.clear();
        for (KeptAppend each : awaited) {
            if (byId.containsKey(each.id)) {
                each.sequence = Math.min(each.sequence, end);
                in.awaited.add(each);
            }
        }
        return findMissing(in);
    }

    private boolean findMissing(Reading in) {
        boolean found = false;
        for (KeptAppend first = in.awaited.peek();
                first != null && first.sequence <= in.read;
                first = in.awaited.peek()) {
            in.awaited.remove();
            if (byId.get(first.id) == first) {
                in.missing.add(first);
                found = true;
            }
        }
        return found;
    }

    /** Takes the messages of a stream that are missing, and have not come at another place since. */
    List<KeptAppend> takeMissing(String stream) {
        Reading in = reading(stream);
        List<KeptAppend> missing = new ArrayList<>(in.missing);
        in.missing.clear();
        missing.removeIf(each -> byId.remove(each.id) == null);
        return missing;
    }

    /** Takes those whose time is over. */
    List<KeptAppend> takeLate(long now) {
        List<KeptAppend> late = new ArrayList<>(0);
        byId.values().removeIf(each -> each.deadline - now <= 0 && late.add(each));
        return late;
    }

    /** Takes all. */
    List<KeptAppend> takeAll() {
        List<KeptAppend> all = new ArrayList<>(byId.values());
        byId.clear();
        readings.clear();
        return all;
    }
}
