package io.fanfare.topic;

import io.fanfare.loop.EventLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.Message;
import io.fanfare.message.TopicMember;
import io.fanfare.message.TopicName;
import io.fanfare.status.TopicStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A destination whose messages go to every subscriber and are not kept. Shared by all loops; its lock gives every
 * message its place and hands it to each loop that has subscribers, so that all of them see one order.
 */
public final class Topic {

    /** A loop with subscribers. */
    private static final class Share {
        final Fanout fanout;

        /** Members that named the topic itself. */
        int named;

        /** Subscriptions to patterns that match the name, as the index knew them. */
        int byPattern;

        /** The number of the newest of these patterns. */
        long newest;

        /** Up to which pattern the loop has been told to look for members. */
        long told;

        Share(Fanout fanout) {
            this.fanout = fanout;
        }

        boolean isEmpty() {
            return named == 0 && byPattern == 0;
        }
    }

    private static final long NEVER = -1;

    private final Destination destination;
    private final long number;
    private final List<String> words;
    private long sequence;
    private long messagesIn;
    private long messagesOut;

    /** One for each loop that has subscribers. */
    private final List<Share> shares = new ArrayList<>(1);

    /** The change of the patterns that the shares agree with. */
    private long patternsKnown = NEVER;

    /** Members that named the topic itself and not a pattern. */
    private int named;

    /** Set when it is not needed any more; a holder of this object must look for a new one. */
    private boolean gone;

    /**
     * A topic without members.
     *
     * @param sequence where it begins to count: not before the end of an earlier topic of its name
     */
    public Topic(Destination destination, long number, long sequence) {
        this.destination = destination;
        this.number = number;
        this.sequence = sequence;
        this.words = TopicName.split(destination.name());
    }

    public Destination destination() {
        return destination;
    }

    /** The place of its last message. */
    synchronized long sequence() {
        return sequence;
    }

    /** What operators see of it. */
    synchronized TopicStatus status() {
        int members = 0;
        for (Share share : shares) {
            members += share.named + share.byPattern;
        }
        return new TopicStatus(DestinationText.address(destination), members, messagesIn, messagesOut);
    }

    /**
     * Hands messages to every subscriber of this moment, with nothing between them; called by any thread.
     *
     * @return how many members they were handed to; -1 when the topic has gone
     */
    public synchronized int publish(List<Message> messages, PatternIndex patterns) {
        if (isGone(patterns)) {
            return -1;
        }
        int members = 0;
        for (Share share : shares) {
            members += share.named + share.byPattern;
        }
        messagesIn += messages.size();
        messagesOut += (long) members * messages.size();
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            message.place(number, ++sequence);
            long size = message.size();
            for (int share = 0; share < shares.size(); share++) {
                Fanout fanout = shares.get(share).fanout;
                EventLoop loop = fanout.loop();
                loop.post(fanout, message, size);
                if (loop.holdsPublishers()) {
                    message.waitFor(loop);
                }
            }
        }
        return members;
    }

    /** Whether it is not needed any more: no subscription names it, and no pattern matches it. */
    synchronized boolean isGone(PatternIndex patterns) {
        if (!gone && destination.isShared() && patterns.version() != patternsKnown) {
            lookForPatterns(patterns);
        }
        return gone;
    }

    /**
     * Patterns have come or gone since the last look. Members by pattern do not join one by one: that a loop has them is seen
     * here, with the next message, and the loop finds them when it is told, ahead of that message.
     */
    private void lookForPatterns(PatternIndex patterns) {
        for (Share share : shares) {
            share.byPattern = 0;
        }
        patternsKnown = patterns.find(words, pattern -> {
            Share share = share(pattern.value());
            share.byPattern += pattern.count();
            share.newest = Math.max(share.newest, pattern.last());
        });
        for (Share share : shares) {
            if (share.newest > share.told) {
                share.told = patternsKnown;
                share.fanout.postNewPatterns(patternsKnown, sequence);
            }
        }
        shares.removeIf(this::isLeft);
        gone |= shares.isEmpty();
    }

    /** Lets go of the share of a loop that has no members any more. */
    private boolean isLeft(Share share) {
        if (share.isEmpty()) {
            share.fanout.postTopicGone();
        }
        return share.isEmpty();
    }

    /**
     * Adds a member by name, on its loop.
     *
     * @return false when the topic has gone in the meantime and a new one is needed
     */
    public boolean add(TopicMember member, TopicLoop state) {
        Fanout fanout;
        long joined;
        synchronized (this) {
            if (gone) {
                return false;
            }
            Share share = share(state);
            fanout = share.fanout;
            joined = sequence;
            share.named++;
            named++;
        }
        fanout.add(member, joined);
        return true;
    }

    /**
     * Removes a member by name, on its loop; nothing happens when it is none.
     *
     * @return whether no member by name is left and the topic has gone
     */
    public boolean remove(TopicMember member, TopicLoop state) {
        Share share = find(state);
        if (share == null || !share.fanout.remove(member)) {
            return false;
        }
        synchronized (this) {
            share.named--;
            named--;
            // patterns alone bring it up anew with the next message
            if (named == 0) {
                go();
            } else if (share.isEmpty()) {
                shares.removeIf(this::isLeft);
            }
            return gone;
        }
    }

    /** Lets go of a topic that only patterns brought up: the next message brings it up anew. */
    synchronized boolean evict() {
        if (named == 0) {
            go();
        }
        return gone;
    }

    private void go() {
        gone = true;
        shares.forEach(share -> share.fanout.postTopicGone());
        shares.clear();
    }

    /** The loop's share, made when there is none; called under the lock. */
    private Share share(TopicLoop state) {
        Share share = find(state);
        if (share == null) {
            share = new Share(state.acquire(destination, words));
            shares.add(share);
        }
        return share;
    }

    private synchronized @Nullable Share find(TopicLoop state) {
        for (Share share : shares) {
            if (share.fanout.state() == state) {
                return share;
            }
        }
        return null;
    }
}
