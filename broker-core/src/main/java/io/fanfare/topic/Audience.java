package io.fanfare.topic;

import io.fanfare.loop.Chunk;
import io.fanfare.loop.Congestion;
import io.fanfare.loop.EventLoop;
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

    private static final Object[] NONE = {};

    private final Encoding encoding;
    private final MessageFilter filter;
    private final DeliveryPolicy policy;
    private final MessageEncoder encoder;
    private final EventLoop loop;

    /** Lets messages through at a rate; null: all come as they are. */
    private final @Nullable Pacer pacer;

    private TopicSubscriber[] members;

    /** For each member, the topic's sequence when it joined. */
    private long[] joined;

    private int size;

    /** No member joined later than this. */
    private long lastJoined;

    /** An audience of one, which others of its kind may join. */
    Audience(TopicSubscriber first, long sequence, BrokerLoop brokerLoop) {
        encoding = first.encoding();
        filter = first.filter();
        policy = first.policy();
        encoder = brokerLoop.messages();
        loop = brokerLoop.loop();
        members = new TopicSubscriber[] {first};
        joined = new long[] {sequence};
        size = 1;
        lastJoined = sequence;
        pacer = policy.isPaced()
                ? new Pacer(
                        entry -> send(entry, NONE, 0, 0),
                        this::removeEnded,
                        policy,
                        loop,
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
        int next = from;
        while (next < to) {
            Message message = (Message) messages[next++];
            if (!filter.accepts(message)) {
                continue;
            }
            if (pacer != null) {
                pacer.offer(message);
            } else {
                next = send(Backlog.Entry.of(message), messages, next, to);
            }
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
        Chunk chunk = encoder.encode(this, entry.message(), encoding, entry.dropped(), entry.conflated());
        int start = chunk.lastFrame();
        // a policy looks at each message, and a member that joined while one was in the mailbox has no part in it
        boolean isSame = !policy.mayDrop() && entry.first() > lastJoined;
        Chunk last = chunk;
        int next = from;
        while (isSame && next < to && last == chunk) {
            Message message = (Message) behind[next++];
            if (filter.accepts(message)) {
                last = encoder.encode(this, message, encoding);
            }
        }
        give(entry, chunk, start);
        if (last != chunk) {
            give(entry, last, last.lastFrame());
        }
        if (!policy.mayDrop() && loop.isCongested()) {
            holdPublishersBack(entry.message(), behind, from, next);
        }
        return next;
    }

    /** Has the senders of these messages wait for a member that takes them more slowly than they come. */
    private void holdPublishersBack(Message first, Object[] behind, int from, int to) {
        for (int i = 0; i < size; i++) {
            Congestion congestion = members[i].outbox().congestion();
            if (congestion != null && congestion.holdsPublishers()) {
                first.waitFor(congestion);
                for (int j = from; j < to; j++) {
                    ((Message) behind[j]).waitFor(congestion);
                }
                return;
            }
        }
    }

    /** Gives every member the end of a chunk, or keeps the entry for it until its connection can take it. */
    private void give(Backlog.Entry entry, Chunk chunk, int start) {
        int end = chunk.length();
        for (int i = 0; i < size; i++) {
            TopicSubscriber member = members[i];
            if (joined[i] >= entry.first()) {
                giveLate(i, entry);
            } else if (mustWait(member, entry)) {
                member.backlogs().add(member, entry);
            } else {
                member.outbox().append(chunk, start, end);
            }
        }
    }

    /** The member joined behind the oldest message that the entry stands for: its counts, or all of it, are not for it. */
    private void giveLate(int index, Backlog.Entry entry) {
        TopicSubscriber member = members[index];
        if (joined[index] >= entry.message().sequence()) {
            return;
        }
        if (mustWait(member, entry)) {
            member.backlogs().add(member, entry.bare());
        } else {
            member.outbox().send(encoder.encode(this, entry.message(), encoding));
        }
    }

    private boolean mustWait(TopicSubscriber member, Backlog.Entry entry) {
        return policy.mayDrop()
                && member.backlogs().mustWait(member, entry.message().size());
    }
}
