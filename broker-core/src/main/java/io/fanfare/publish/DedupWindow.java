package io.fanfare.publish;

import io.fanfare.message.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Ids that one owner has published not long ago, the oldest first, and those of messages that are being published. Any thread
 * that has {@linkplain DedupWindows#enter entered} it may call, until it closes it.
 */
final class DedupWindow implements AutoCloseable {

    /** Ids that one visit forgets because their time is over, or for want of room. */
    static final int STEPS = 100;

    /** Of the objects of a window without ids. */
    private static final long OVERHEAD_BYTES = 400;

    private final DedupWindows windows;
    private final DedupId.Owner owner;

    /** When they are forgotten, in the loops' nanoseconds. */
    private final LinkedHashMap<String, Long> ids = new LinkedHashMap<>();

    /** Those whose messages are not decided yet, with what will be known of them. */
    private final Map<String, CompletionStage<Outcome>> open = new HashMap<>(0);

    private long idBytes;

    /** Threads that are in it, and when the last one came; {@link DedupWindows} guards both. */
    int visitors;

    long visited;

    DedupWindow(DedupWindows windows, DedupId.Owner owner) {
        this.windows = windows;
        this.owner = owner;
    }

    synchronized void forgetOld() {
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

    /**
     * Sees which messages are to be published: those whose ids have not been, and are not being published. From here on their ids are;
     * but where one of them is being published already, none of these is until that is decided.
     *
     * @param submissions no two with one id
     */
    synchronized DedupAttempt begin(List<Submission> submissions) {
        List<DedupId> begun = new ArrayList<>(1);
        List<Submission> fresh = new ArrayList<>(1);
        List<DedupAttempt.Repeat> repeats = new ArrayList<>(0);
        CompletableFuture<Outcome> effect = new CompletableFuture<>();
        for (Submission each : submissions) {
            DedupId id = each.id();
            if (id != null && isKnown(id)) {
                repeats.add(new DedupAttempt.Repeat(each, repeat(id)));
            } else {
                fresh.add(each);
            }
        }
        if (repeats.stream().anyMatch(each -> each.outcome().isOpen())) {
            fresh.clear();
        }
        for (Submission each : fresh) {
            DedupId id = each.id();
            if (id != null) {
                begun.add(id);
                open.put(id.key(), effect);
            }
        }
        return new DedupAttempt(this, begun, fresh, repeats, effect);
    }

    private boolean isKnown(DedupId id) {
        return open.containsKey(id.key()) || isIn(id);
    }

    private boolean isIn(DedupId id) {
        Long end = ids.get(id.key());
        return end != null && !isOver(end, windows.now());
    }

    /** What a repeat of this id is: it is refused where the first message is refused. */
    private Outcome repeat(DedupId id) {
        CompletionStage<Outcome> first = open.get(id.key());
        return first == null ? Outcome.DUPLICATE : Outcome.accepted(first.thenApply(done -> Outcome.DUPLICATE));
    }

    /** Whether the message of this id has been published, and it is known what has become of it. */
    synchronized boolean isPublished(DedupId id) {
        return isIn(id) && !open.containsKey(id.key());
    }

    /** The messages of these ids have been published, or will be. */
    synchronized void add(List<DedupId> published) {
        published.forEach(this::add);
    }

    private void add(DedupId id) {
        // one whose time was over may be there still; what is put again keeps its old place
        remove(id);
        long bytes = id.bytes();
        for (int steps = 0; steps < STEPS && !ids.isEmpty() && !windows.hasRoom(ids.size(), bytes); steps++) {
            String oldest = ids.keySet().iterator().next();
            ids.remove(oldest);
            count(-DedupId.bytes(oldest));
        }
        ids.put(id.key(), windows.now() + windows.nanos());
        count(bytes);
    }

    /**
     * Notes that the messages of these ids are in.
     *
     * @param effect of the attempt that has published them: another one may have begun by now
     */
    synchronized void decide(List<DedupId> published, CompletionStage<Outcome> effect) {
        published.forEach(id -> open.remove(id.key(), effect));
    }

    /** As {@link #decide}, of messages that are not in. */
    synchronized void refuse(List<DedupId> refused, CompletionStage<Outcome> effect) {
        for (DedupId id : refused) {
            if (open.remove(id.key(), effect)) {
                remove(id);
            }
        }
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

    synchronized boolean isEmpty() {
        return ids.isEmpty();
    }

    /** About what it takes, bytes. */
    synchronized long bytes() {
        return OVERHEAD_BYTES + owner.name().length() + idBytes;
    }

    /** The window that its owner has now, entered. */
    DedupWindow again() {
        return windows.enter(owner);
    }

    @Override
    public void close() {
        windows.leave(this);
    }
}
