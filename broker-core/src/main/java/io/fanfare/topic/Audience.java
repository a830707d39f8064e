package io.fanfare.topic;

import io.fanfare.loop.Chunk;
import io.fanfare.loop.EventLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.Encoding;
import io.fanfare.message.Message;
import io.fanfare.message.MessageEncoder;
import io.fanfare.message.MessageFilter;
import io.fanfare.retention.Coverage;
import io.fanfare.statistics.Count;
import io.fanfare.topic.backlog.AudienceBatch;
import io.fanfare.topic.backlog.Backlog;
import io.fanfare.topic.backlog.DeliveryPolicy;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one {@link Fanout} that get the same messages in the same bytes: their encoding, their filter and
 * their policy are equal. Owned by its loop.
 */
final class Audience {

    private static final Object[] NONE = {};
    /** Added to the sequence at which a member joined while older messages come first: it is behind all of them. */
    private static final long HELD = 1L << 62;

    private static final long NOT_KNOWN = Long.MAX_VALUE;

    private final Destination topic;
    private final Encoding encoding;
    private final MessageFilter filter;
    private final DeliveryPolicy policy;
    private final List<Destination> destinations;
    private final MessageEncoder encoder;
    private final EventLoop loop;

    /** Lets messages through at a rate; null: all come as they are. */
    private final @Nullable Pacer pacer;

    /** What it may hold back, with those of other topics; null: it holds nothing back. */
    private final PacingBudgets.@Nullable Share pacing;

    /** The members that may get patches; null: none asks for them. */
    private final @Nullable AudiencePatches patches;

    private boolean released;
    private TopicSubscriber[] members;

    /** For each member, the topic's sequence when it joined, and maybe {@link #HELD}. */
    private long[] joined;

    private int size;

    /** No member joined earlier than this. */
    private long firstJoined;

    /** No member joined later than this; may be {@link #NOT_KNOWN}. */
    private long lastJoined;

    /** An audience of one, which others of its kind may join. */
    Audience(Fanout fanout, TopicSubscriber first, long sequence) {
        TopicLoop state = fanout.state();
        topic = fanout.topic();
        encoding = first.encoding();
        filter = first.filter();
        policy = first.policy();
        destinations = first.destinations();
        encoder = state.brokerLoop().messages();
        loop = state.loop();
        members = new TopicSubscriber[1];
        joined = new long[1];
        firstJoined = sequence;
        patches = policy.delta() ? new AudiencePatches(state.mergePatch(), filter, encoder, encoding) : null;
        pacing = policy.isPaced() ? state.pacing().acquire(first) : null;
        pacer = pacing == null
                ? null
                : new Pacer(entry -> send(entry, NONE, 0, 0), fanout::removeEnded, policy, loop, pacing.budget());
        add(first, sequence);
    }

    boolean suits(TopicSubscriber subscriber) {
        return encoding.equals(subscriber.encoding())
                && filter.isSame(subscriber.filter())
                && policy.equals(subscriber.policy())
                // what is held back for subscriptions of other destinations has a bound of its own
                && (pacer == null || destinations.equals(subscriber.destinations()));
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void add(TopicSubscriber subscriber, long sequence) {
        assert loop.isCurrent();
        if (size == members.length) {
            members = Arrays.copyOf(members, 2 * size);
            joined = Arrays.copyOf(joined, 2 * size);
        }
        members[size] = subscriber;
        joined[size] = mark(subscriber, sequence);
        if (patches != null) {
            patches.joined(subscriber, sequence);
        }
        firstJoined = Math.min(firstJoined, sequence);
        lastJoined = Math.max(lastJoined, joined[size]);
        size++;
    }

    private static long mark(TopicSubscriber subscriber, long sequence) {
        return subscriber.backlogs().isHeld(subscriber) ? sequence | HELD : sequence;
    }

    /** Whether a member may be held no longer; it takes part in everything then that came behind its joining. */
    private boolean isBack(int index) {
        if (joined[index] < HELD || members[index].backlogs().isHeld(members[index])) {
            return false;
        }
        joined[index] &= ~HELD;
        // found once for all that are released together: for each of them it would take the square of their number
        lastJoined = NOT_KNOWN;
        return true;
    }

    private long lastJoined() {
        if (lastJoined == NOT_KNOWN) {
            lastJoined = Arrays.stream(joined, 0, size).max().orElse(0);
        }
        return lastJoined;
    }

    /** The place of a member; -1: it is none. */
    int indexOf(TopicSubscriber subscriber) {
        for (int i = size - 1; i >= 0; i--) {
            if (members[i] == subscriber) {
                return i;
            }
        }
        return -1;
    }

    @Nullable
    Pacer pacer() {
        return pacer;
    }

    /**
     * A member, which is held, has got these messages before; it takes part in what comes behind them, and in what waits for
     * its turn and was left out of them.
     */
    void cover(int index, Coverage.Covered covered, List<Backlog.Entry> leftOut) {
        TopicSubscriber member = members[index];
        long since = joined[index] & ~HELD;
        leftOut.stream()
                .filter(entry -> entry.message().sequence() > since)
                .forEach(entry -> member.backlogs().add(member, entry.bare()));
        joined[index] = Math.max(since, covered.upTo()) | HELD;
        lastJoined = Math.max(lastJoined, joined[index]);
    }

    /** Whether nothing waits for its turn, nor would a message that came now. */
    boolean isIdle() {
        return pacer == null || pacer.isIdle();
    }

    /** Removes the subscriber; false when it is no member. */
    boolean remove(TopicSubscriber subscriber) {
        int index = indexOf(subscriber);
        if (index >= 0) {
            removeAt(index);
        }
        return index >= 0;
    }

    void removeEnded() {
        for (int i = size - 1; i >= 0; i--) {
            if (!members[i].isActive()) {
                removeAt(i);
            }
        }
    }

    private void removeAt(int index) {
        assert loop.isCurrent();
        if (patches != null) {
            patches.left(members[index]);
        }
        lastJoined = joined[index] >= HELD ? NOT_KNOWN : lastJoined;
        size--;
        members[index] = members[size];
        joined[index] = joined[size];
        if (size > 0 && size <= members.length / 4) {
            members = Arrays.copyOf(members, members.length / 2);
            joined = Arrays.copyOf(joined, members.length);
        }
        members[size] = null;
        if (size == 0) {
            release();
        }
    }

    /** Lets go of what it may hold back: it is empty, or its topic has gone. */
    void release() {
        assert loop.isCurrent();
        if (pacer != null && pacing != null && !released) {
            released = true;
            pacer.stop();
            pacing.release();
        }
    }

    /** Gives a run of the topic's messages to every member, as its filter and its policy say. */
    void deliver(Object[] messages, int from, int to) {
        assert loop.isCurrent();
        int next = from;
        while (next < to) {
            Message message = (Message) messages[next++];
            if (!filter.accepts(message)) {
                continue;
            }
            if (pacer == null) {
                next = send(Backlog.Entry.of(topic, message), messages, next, to);
            } else if (message.sequence() > firstJoined) {
                // a message that no member has a part in takes no turn of others
                pacer.offer(Backlog.Entry.of(topic, message));
            }
        }
        if (patches != null) {
            patches.endRun();
        }
    }

    /**
     * Encodes a message once and gives every member a reference to the bytes. Where all members get the same, that
     * reference is also to as many of the messages behind it as fit into the chunk.
     *
     * @param behind messages that follow, from one index to another
     * @return the index of the first of these that is left
     */
    private int send(Backlog.Entry entry, Object[] behind, int from, int to) {
        if (patches != null) {
            loop.count(Count.DELIVERED, patches.send(this, entry));
            holdPublishersBack(entry.message(), NONE, 0, 0);
            return from;
        }
        Chunk chunk = encoder.encode(this, entry.message(), encoding, entry.dropped(), entry.conflated());
        int start = chunk.lastFrame();
        // a member that joined while a message was in the mailbox has no part in it
        boolean isSame = entry.first() > lastJoined();
        Chunk last = chunk;
        int messages = 1;
        int next = from;
        while (isSame && next < to && last == chunk) {
            Message message = (Message) behind[next++];
            if (filter.accepts(message)) {
                last = encoder.encode(this, message, encoding);
                messages++;
            }
        }
        // the last one of these may stand in a chunk of its own
        int end = last == chunk ? next : next - 1;
        AudienceBatch batch = policy.mayDrop() ? new AudienceBatch(entry, behind, from, end, filter) : null;
        give(entry, batch, messages - (next - end), chunk, start);
        if (end < next) {
            Backlog.Entry own = Backlog.Entry.of(topic, (Message) behind[end]);
            give(own, batch == null ? null : new AudienceBatch(own, NONE, 0, 0, filter), 1, last, last.lastFrame());
        }
        holdPublishersBack(entry.message(), behind, from, next);
        return next;
    }

    TopicSubscriber member(int index) {
        return members[index];
    }

    /** Whether a member takes a message at once; if not, it has been kept for it, or is not for it. */
    boolean takesAtOnce(int index, Backlog.Entry entry) {
        if (joined[index] >= entry.first() && !(isBack(index) && joined[index] < entry.first())) {
            giveLate(index, entry);
            return false;
        }
        if (mustWait(members[index], entry)) {
            members[index].backlogs().add(members[index], entry);
            return false;
        }
        return true;
    }

    private void holdPublishersBack(Message first, Object[] behind, int from, int to) {
        if (!policy.mayDrop() && loop.isCongested()) {
            Backpressure.holdBack(members, size, filter, first, behind, from, to);
        }
    }

    /** As {@link Fanout#firstCongested}. */
    int firstCongested(Object[] messages, int from, int to) {
        return policy.mayDrop() ? to : Backpressure.firstCongested(members, size, filter, messages, from, to);
    }

    /**
     * Gives every member the end of a chunk, some messages from the entry on, or keeps them until it can take them.
     *
     * @param batch these messages, for members that may drop some; null: no member may
     */
    private void give(Backlog.Entry entry, @Nullable AudienceBatch batch, int messages, Chunk chunk, int start) {
        int end = chunk.length();
        long first = entry.first();
        // counted once for all: an addition for each delivery would be felt
        int others = 0;
        for (int i = 0; i < size; i++) {
            TopicSubscriber member = members[i];
            if (joined[i] >= first && !(isBack(i) && joined[i] < first)) {
                others++;
                giveLate(i, entry);
            } else if (batch != null && !member.backlogs().haveRoomFor(member, end - start)) {
                others++;
                member.backlogs().add(member, batch);
            } else {
                member.outbox().append(chunk, start, end);
            }
        }
        loop.count(Count.DELIVERED, (long) (size - others) * messages);
    }

    /** The member joined behind the oldest message that the entry stands for: its counts, or all of it, are not for it. */
    private void giveLate(int index, Backlog.Entry entry) {
        TopicSubscriber member = members[index];
        if ((joined[index] & ~HELD) >= entry.message().sequence()) {
            return;
        }
        if (joined[index] >= HELD) {
            member.backlogs().add(member, (joined[index] & ~HELD) < entry.first() ? entry : entry.bare());
        } else if (mustWait(member, entry)) {
            member.backlogs().add(member, entry.bare());
        } else {
            member.outbox().send(encoder.encode(this, entry.message(), encoding));
            loop.count(Count.DELIVERED, 1);
        }
    }

    private boolean mustWait(TopicSubscriber member, Backlog.Entry entry) {
        return policy.mayDrop()
                && member.backlogs().mustWait(member, entry.message().size());
    }
}
