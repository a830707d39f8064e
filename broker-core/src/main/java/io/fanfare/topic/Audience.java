package io.fanfare.topic;

import io.fanfare.loop.Chunk;
import io.fanfare.message.Encoding;
import io.fanfare.message.Message;
import io.fanfare.message.MessageEncoder;
import io.fanfare.message.MessageFilter;
import io.fanfare.session.Session;
import io.fanfare.session.Subscription;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one {@link Fanout} that get the same messages in the same bytes: their encoding, their filter and
 * their pacing are equal. Owned by its loop.
 */
public final class Audience {

    private final Encoding encoding;
    private final MessageFilter filter;
    private final DeliveryPolicy pacing;

    /** What lets messages through at a rate; null: all come as they are. */
    private final @Nullable Pacer pacer;

    private Subscription[] members;

    /** For each member, the topic's sequence when it joined. */
    private long[] joined;

    private int size;

    /** No member joined later than this. */
    private long lastJoined;

    /** What the filter lets through, for one delivery. */
    private Object[] accepted = new Object[0];

    /** An audience of one, which others of its kind may join. */
    public Audience(Subscription first, long sequence) {
        encoding = first.encoding();
        filter = first.filter();
        pacing = first.options().pacing();
        pacer = pacing.isPaced()
                ? new Pacer(
                        this, pacing, first.session().loop(), first.session().maxOutboxBytes())
                : null;
        members = new Subscription[] {first};
        joined = new long[] {sequence};
        size = 1;
        lastJoined = sequence;
    }

    public boolean suits(Subscription subscription) {
        return encoding.equals(subscription.encoding())
                && filter.isSame(subscription.filter())
                && pacing.equals(subscription.options().pacing());
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public int size() {
        return size;
    }

    public void add(Subscription subscription, long sequence) {
        if (size == members.length) {
            members = Arrays.copyOf(members, 2 * size);
            joined = Arrays.copyOf(joined, 2 * size);
        }
        members[size] = subscription;
        joined[size++] = sequence;
        lastJoined = Math.max(lastJoined, sequence);
        if (pacer != null) {
            pacer.joined(subscription);
        }
    }

    /** Removes the subscription; false when it is no member. */
    public boolean remove(Subscription subscription) {
        for (int i = size - 1; i >= 0; i--) {
            if (members[i] == subscription) {
                removeAt(i);
                return true;
            }
        }
        return false;
    }

    public void removeEnded() {
        for (int i = size - 1; i >= 0; i--) {
            if (!members[i].isActive()) {
                removeAt(i);
            }
        }
    }

    private void removeAt(int index) {
        if (pacer != null) {
            pacer.left(members[index]);
        }
        size--;
        members[index] = members[size];
        joined[index] = joined[size];
        if (size > 0 && size <= members.length / 4) {
            members = Arrays.copyOf(members, members.length / 2);
            joined = Arrays.copyOf(joined, members.length);
        }
        Arrays.fill(members, size, members.length, null);
        if (size == 0 && pacer != null) {
            pacer.stop();
        }
    }

    /** Encodes a run of the topic's messages once and gives every member a reference to the bytes. */
    public void deliver(Object[] messages, int from, int to, MessageEncoder encoder) {
        if (filter.isAll()) {
            pass(messages, from, to, encoder);
            return;
        }
        if (accepted.length < to - from) {
            accepted = new Object[to - from];
        }
        int count = 0;
        for (int i = from; i < to; i++) {
            if (filter.accepts((Message) messages[i])) {
                accepted[count++] = messages[i];
            }
        }
        pass(accepted, 0, count, encoder);
        Arrays.fill(accepted, 0, count, null);
    }

    private void pass(Object[] messages, int from, int to, MessageEncoder encoder) {
        if (pacer != null) {
            for (int i = from; i < to; i++) {
                pace((Message) messages[i], pacer);
            }
        } else if (pacing.spares()) {
            for (int i = from; i < to; i++) {
                send(new Backlog.Entry((Message) messages[i], 0, 0), Map.of());
            }
        } else {
            deliverAll(messages, from, to, encoder);
        }
    }

    private void pace(Message message, Pacer through) {
        through.offer(message);
        for (int i = 0; i < size && message.sequence() <= lastJoined; i++) {
            if (message.sequence() <= joined[i]) {
                // it was on its way here before this one joined, and does not count for it
                through.joined(members[i]);
            }
        }
    }

    /**
     * Gives a message to every member whose connection can take it, and lets it wait for the others.
     *
     * @param notTheirs for those who joined lately, how many of the conflated messages were before their time
     */
    public void send(Backlog.Entry entry, Map<Subscription, Long> notTheirs) {
        Chunk shared = null;
        int start = 0;
        for (int i = 0; i < size; i++) {
            Subscription member = members[i];
            if (joined[i] >= entry.message().sequence()) {
                continue;
            }
            Session session = member.session();
            Long before = notTheirs.get(member);
            if (before != null || (pacing.spares() && member.mustWait())) {
                sendAlone(before == null ? entry : entry.after(before), member);
                continue;
            }
            if (shared == null) {
                shared = session.state().messages().encode(this, entry, encoding);
                start = shared.lastFrame();
            }
            session.append(shared, start, shared.length());
        }
    }

    private void sendAlone(Backlog.Entry entry, Subscription member) {
        if (pacing.spares() && member.mustWait()) {
            member.session().laggards().add(member, entry);
            return;
        }
        Session session = member.session();
        Chunk chunk = session.state().messages().encode(session, entry, encoding);
        session.append(chunk, chunk.lastFrame(), chunk.length());
    }

    private void deliverAll(Object[] messages, int from, int to, MessageEncoder encoder) {
        int i = from;
        // a member that joined while these were waiting in the mailbox has no part in the older ones
        for (; i < to && ((Message) messages[i]).sequence() <= lastJoined; i++) {
            Message message = (Message) messages[i];
            Chunk chunk = encoder.encode(this, message, encoding);
            append(chunk, chunk.lastFrame(), message.sequence());
        }
        while (i < to) {
            Chunk chunk = encoder.encode(this, (Message) messages[i++], encoding);
            int start = chunk.lastFrame();
            Chunk next = chunk;
            while (i < to && next == chunk) {
                next = encoder.encode(this, (Message) messages[i++], encoding);
            }
            if (next == chunk) {
                append(chunk, start, Long.MAX_VALUE);
            } else {
                append(chunk, start, Long.MAX_VALUE);
                append(next, next.lastFrame(), Long.MAX_VALUE);
            }
        }
    }

    /** Gives the end of a chunk, from this offset on, to the members that joined before this sequence. */
    private void append(Chunk chunk, int start, long sequence) {
        int end = chunk.length();
        for (int i = 0; i < size; i++) {
            if (joined[i] < sequence) {
                members[i].session().append(chunk, start, end);
            }
        }
    }
}
