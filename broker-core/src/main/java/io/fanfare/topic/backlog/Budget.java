package io.fanfare.topic.backlog;

import io.fanfare.frame.Limits;
import io.fanfare.loop.LongJobs;
import io.fanfare.loop.Memory;
import io.fanfare.message.Message;
import io.fanfare.statistics.Drop;
import io.fanfare.statistics.LoopCounts;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that several backlogs may hold together, and their account with the broker's {@link Memory}: a message that many
 * backlogs keep counts in full for each of them here, and once there. Owned by the loop of the backlogs.
 */
public final class Budget {

    /** What one message takes of the limit beside the message. */
    private static final long ENTRY_BYTES = 160;

    /** What a backlog takes that holds something: its map, a timer, a place among the others. */
    private static final long BACKLOG_BYTES = 256;

    /** Messages that a backlog lets go of in the turn in which it ends: a connection may have a thousand backlogs. */
    private static final int AT_ONCE = 32;

    private final Memory memory;
    private final LoopCounts counts;
    private final long most;
    private long used;

    /** Bytes that backlogs hold more than the broker has been told; 0 between two calls of a backlog. */
    private long unsettled;

    /** The backlogs that hold something; those that have for the longest come first. */
    private final Set<Backlog> holding = new LinkedHashSet<>(0);

    /**
     * A budget of which nothing is used.
     *
     * @param counts of the loop that owns it
     * @param most bytes that the backlogs may hold together
     */
    public Budget(Memory memory, LoopCounts counts, long most) {
        this.memory = memory;
        this.counts = counts;
        this.most = most;
    }

    /** Whether there is room for the message. As an empty outbox does, backlogs that are all empty take any one. */
    public boolean hasRoomFor(Message message) {
        return used == 0 || used + bytes(message) <= most;
    }

    /** What an ERROR says where there is no room for the message. */
    public String exceeded(Message message) {
        return Limits.exceeded("%,d B wait for this connection", used + bytes(message), most, "max_outbox_bytes");
    }

    private static long bytes(Message message) {
        return ENTRY_BYTES + message.size();
    }

    /**
     * A backlog, which has it already, keeps a message.
     *
     * @return what that is of the limit
     */
    long take(Backlog backlog, Message message) {
        used += bytes(message);
        unsettled += backlog.entryBytes() + (message.keep() ? message.size() : 0);
        if (backlog.size() == 1 && holding.add(backlog)) {
            unsettled += BACKLOG_BYTES;
        }
        return bytes(message);
    }

    /**
     * A backlog keeps a message no longer.
     *
     * @return what that is of the limit
     */
    long giveBack(Backlog backlog, Message message) {
        used -= bytes(message);
        unsettled -= held(backlog.entryBytes(), message);
        if (backlog.isEmpty() && holding.remove(backlog)) {
            unsettled -= BACKLOG_BYTES;
        }
        return bytes(message);
    }

    private static long held(int entryBytes, Message message) {
        return entryBytes + (message.letGo() ? message.size() : 0);
    }

    /**
     * A backlog keeps none of these any longer, and nothing else. Others may keep the messages too, so that each is let go of by
     * itself, a few of them at once: many connections that take nothing can end in one turn.
     *
     * @param bytes what all of them are of the limit
     */
    void giveBack(Backlog backlog, Entries all, long bytes) {
        used -= bytes;
        holding.remove(backlog);
        memory.hold(-BACKLOG_BYTES);
        int entryBytes = backlog.entryBytes();
        LongJobs.Job job = steps -> {
            long counted = 0;
            for (int left = Math.min(steps, all.size()); left > 0; left--) {
                counted += held(entryBytes, Objects.requireNonNull(all.poll()).message());
            }
            memory.hold(-counted);
            return all.size() > 0;
        };
        if (job.run(AT_ONCE)) {
            memory.loops().executeInParts(job);
        }
    }

    /** Tells the broker what has changed. */
    void settle() {
        if (unsettled != 0) {
            memory.hold(unsettled);
            unsettled = 0;
        }
    }

    /** A backlog leaves messages out for good. */
    void dropped(Drop why, long messages) {
        counts.dropped(why, messages);
    }

    /** Has other backlogs drop their oldest messages, as far as they may, until there is room for one more. */
    void makeRoom(Message message) {
        while (!hasRoomFor(message)) {
            Backlog oldest = oldest();
            if (oldest == null) {
                return;
            }
            oldest.dropOldest();
        }
    }

    private @Nullable Backlog oldest() {
        for (Backlog backlog : holding) {
            if (backlog.mayDropOldest()) {
                return backlog;
            }
        }
        return null;
    }
}
