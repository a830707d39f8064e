package io.fanfare.broker;

import java.util.Arrays;

/** The subscriptions of one {@link Fanout} whose MESSAGE frames are the same bytes. Owned by its loop. */
final class Audience {

    private final Encoding encoding;
    private Subscription[] members = new Subscription[1];

    /** For each member, the topic's sequence when it joined. */
    private long[] joined = new long[1];

    private int size;

    /** No member joined later than this. */
    private long lastJoined;

    Audience(Encoding encoding) {
        this.encoding = encoding;
    }

    Encoding encoding() {
        return encoding;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(Subscription subscription, long sequence) {
        if (size == members.length) {
            members = Arrays.copyOf(members, 2 * size);
            joined = Arrays.copyOf(joined, 2 * size);
        }
        members[size] = subscription;
        joined[size] = sequence;
        subscription.place(size);
        size++;
        lastJoined = Math.max(lastJoined, sequence);
    }

    void remove(Subscription subscription) {
        int index = subscription.place();
        size--;
        members[index] = members[size];
        joined[index] = joined[size];
        members[index].place(index);
        if (size > 0 && size <= members.length / 4) {
            members = Arrays.copyOf(members, members.length / 2);
            joined = Arrays.copyOf(joined, members.length);
        }
        Arrays.fill(members, size, members.length, null);
    }

    /** Encodes a run of the topic's messages once and gives every member a reference to the bytes. */
    void deliver(Object[] messages, int from, int to, MessageEncoder encoder) {
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
