package io.fanfare.topic;

import io.fanfare.loop.Chunk;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Encoding;
import io.fanfare.message.Message;
import io.fanfare.message.MessageEncoder;
import io.fanfare.message.MessageFilter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one {@link Fanout} that get the same messages in the same bytes: their encoding, their filter and
 * their policy are equal. Owned by its loop.
 */
final class Audience {

    private final Encoding encoding;
    private final MessageFilter filter;
    private final DeliveryPolicy policy;
    private final MessageEncoder encoder;

    /** Lets messages through at a rate; null: all come as they are. */
    private final @Nullable Pacer pacer;

    private TopicSubscriber[] members;

    /** For each member, the topic's sequence when it joined. */
    private long[] joined;

    private int size;

    /** No member joined later than this. */
    private long lastJoined;

    /** What the filter lets through, for one delivery. */
    private Object[] accepted = new Object[0];

    /** An audience of one, which others of its kind may join. */
    Audience(TopicSubscriber first, long sequence, BrokerLoop loop) {
        encoding = first.encoding();
        filter = first.filter();
        policy = first.policy();
        encoder = loop.messages();
        members = new TopicSubscriber[] {first};
        joined = new long[] {sequence};
        size = 1;
        lastJoined = sequence;
        pacer = policy.isPaced()
                ? new Pacer(
                        this::send,
                        this::removeEnded,
                        policy,
                        loop.loop(),
                        first.outbox().maxBytes())
                : null;
    }

    boolean suits(TopicSubscriber subscriber) {
        return encoding.equals(subscriber.encoding())
                && filter.isSame(subscriber.filter())
                && policy.equals(subscriber.policy());
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void add(TopicSubscriber subscriber, long sequence) {
        if (size == members.length) {
            members = Arrays.copyOf(members, 2 * size);
            joined = Arrays.copyOf(joined, 2 * size);
        }
        members[size] = subscriber;
        joined[size++] = sequence;
        lastJoined = Math.max(lastJoined, sequence);
    }

    /** Removes the subscriber; false when it is no member. */
    boolean remove(TopicSubscriber subscriber) {
        for (int i = size - 1; i >= 0; i--) {
            if (members[i] == subscriber) {
                removeAt(i);
                return true;
            }
        }
        return false;
    }

    void removeEnded() {
        for (int i = size - 1; i >= 0; i--) {
            if (!members[i].isActive()) {
                removeAt(i);
            }
        }
    }

    private void removeAt(int index) {
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

    /** Gives a run of the topic's messages to every member, as its filter and its policy say. */
    void deliver(Object[] messages, int from, int to) {
        if (filter.isAll()) {
            pass(messages, from, to);
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
        pass(accepted, 0, count);
        Arrays.fill(accepted, 0, count, null);
    }

    private void pass(Object[] messages, int from, int to) {
        int i = from;
        while (i < to) {
            Message message = (Message) messages[i];
            if (pacer != null) {
                pacer.offer(message);
                i++;
            } else if (policy.mayDrop() || message.sequence() <= lastJoined) {
                // a member that joined while this was waiting in the mailbox has no part in it
                send(Backlog.Entry.of(message));
                i++;
            } else {
                i = sendAll(messages, i, to);
            }
        }
    }

    /** Encodes a message once, and gives a reference to the bytes to every member whose connection can take it. */
    private void send(Backlog.Entry entry) {
        Message message = entry.message();
        Backlog.Entry bare = entry.first() <= lastJoined ? entry.bare() : entry;
        Encoded whole = null;
        Encoded bareOne = null;
        for (int i = 0; i < size; i++) {
            if (joined[i] >= message.sequence()) {
                continue;
            }
            TopicSubscriber member = members[i];
            boolean knowsAll = joined[i] < entry.first();
            Backlog.Entry theirs = knowsAll ? entry : bare;
            if (policy.mayDrop() && member.backlogs().mustWait(member, message.size())) {
                member.backlogs().add(member, theirs);
            } else if (knowsAll) {
                whole = whole == null ? encode(entry) : whole;
                member.outbox().append(whole.chunk, whole.from, whole.to);
            } else {
                bareOne = bareOne == null ? encode(bare) : bareOne;
                member.outbox().append(bareOne.chunk, bareOne.from, bareOne.to);
            }
        }
    }

    private record Encoded(Chunk chunk, int from, int to) {}

    private Encoded encode(Backlog.Entry entry) {
        Chunk chunk = encoder.encode(this, entry.message(), encoding, entry.dropped(), entry.conflated());
        return new Encoded(chunk, chunk.lastFrame(), chunk.length());
    }

    /**
     * Encodes messages as far as they fit into one chunk, and gives every member one reference to all of them.
     *
     * @return the index of the first message that is left
     */
    private int sendAll(Object[] messages, int from, int to) {
        int i = from;
        Chunk chunk = encoder.encode(this, (Message) messages[i++], encoding);
        int start = chunk.lastFrame();
        Chunk next = chunk;
        while (i < to && next == chunk) {
            next = encoder.encode(this, (Message) messages[i++], encoding);
        }
        append(chunk, start);
        if (next != chunk) {
            append(next, next.lastFrame());
        }
        return i;
    }

    private void append(Chunk chunk, int start) {
        int end = chunk.length();
        for (int i = 0; i < size; i++) {
            members[i].outbox().append(chunk, start, end);
        }
    }
}
