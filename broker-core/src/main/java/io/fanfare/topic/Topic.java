package io.fanfare.topic;

import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.TopicMember;
import io.fanfare.message.TopicName;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A destination whose messages go to every subscriber and are not kept. Shared by all loops; its lock gives every
 * message its place and hands it to each loop that has subscribers, so that all of them see one order.
 */
public final class Topic {

    private final Destination destination;
    private final long number;
    private final List<String> words;
    private long sequence;

    /** One for each loop that has subscribers. */
    private Fanout[] fanouts = new Fanout[0];

    /** Whether the patterns that match the name have been found; until then it takes no message. */
    private boolean resolved;

    /** Members that named the topic itself and not a pattern. */
    private int named;

    /** Set under the lock when it is not needed any more; a holder of this object must look for a new one. */
    private volatile boolean gone;

    public Topic(Destination destination, long number) {
        this.destination = destination;
        this.number = number;
        this.words = TopicName.split(destination.name());
    }

    public Destination destination() {
        return destination;
    }

    public List<String> words() {
        return words;
    }

    /**
     * Hands messages to every subscriber of this moment, with nothing between them; called by any thread.
     *
     * @return how many members they were handed to; -1 when the topic has gone
     */
    public synchronized int publish(List<Message> messages, PatternIndex patterns) {
        if (gone) {
            return -1;
        }
        if (!resolved) {
            resolved = true;
            if (destination.isShared()) {
                patterns.loopsFor(words, this::fanout);
            }
        }
        int members = 0;
        for (Fanout fanout : fanouts) {
            members += fanout.members();
        }
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            message.place(number, ++sequence);
            long size = message.size();
            for (Fanout fanout : fanouts) {
                fanout.loop().post(fanout, message, size);
            }
        }
        return members;
    }

    /**
     * Adds a member on its loop.
     *
     * @param byName whether it names this topic, and not a pattern
     * @return false when the topic has gone in the meantime and a new one is needed
     */
    public boolean add(TopicMember member, TopicLoop state, boolean byName) {
        Fanout fanout;
        long joined;
        synchronized (this) {
            if (gone) {
                return false;
            }
            fanout = fanout(state);
            joined = sequence;
            named += byName ? 1 : 0;
        }
        fanout.add(member, byName ? joined : fanout.joinedByPattern(member, joined));
        return true;
    }

    /**
     * Removes a member on its loop; nothing happens when it is none.
     *
     * @return whether no member by name is left and the topic has gone
     */
    public boolean remove(TopicMember member, TopicLoop state, boolean byName) {
        Fanout fanout = find(state);
        if (fanout == null) {
            return false;
        }
        // a member by pattern may not have got in yet: then its loop may have no other
        boolean removed = fanout.remove(member);
        synchronized (this) {
            if (fanout.isEmpty()) {
                fanouts =
                        Arrays.stream(fanouts).filter(other -> other != fanout).toArray(Fanout[]::new);
            }
            named -= byName && removed ? 1 : 0;
            // patterns alone bring it up anew with the next message
            gone |= (byName && removed && named == 0) || fanouts.length == 0;
            return gone;
        }
    }

    /** Lets go of a topic that only patterns brought up: the next message brings it up anew. */
    synchronized boolean evict() {
        gone |= named == 0;
        return gone;
    }

    /** Whether it may not be used any more; asked by loops that find its messages in their mailbox. */
    boolean isGone() {
        return gone;
    }

    /** The loop's share, made when there is none; called under the lock. */
    private Fanout fanout(TopicLoop state) {
        Fanout fanout = find(state);
        if (fanout == null) {
            fanout = new Fanout(this, state);
            fanouts = Arrays.copyOf(fanouts, fanouts.length + 1);
            fanouts[fanouts.length - 1] = fanout;
        }
        return fanout;
    }

    private synchronized @Nullable Fanout find(TopicLoop state) {
        for (Fanout fanout : fanouts) {
            if (fanout.state() == state) {
                return fanout;
            }
        }
        return null;
    }
}
