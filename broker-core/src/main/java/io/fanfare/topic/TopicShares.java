package io.fanfare.topic;

import io.fanfare.loop.EventLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one topic knows of the loops that have subscribers of it. Guarded by the topic's lock. */
final class TopicShares {

    /** What it knows of one of them. */
    static final class Share {
        final Fanout fanout;

        /** Members that named the topic itself. */
        int named;

        /** Subscriptions to patterns that match the name, as the index knew them. */
        private int byPattern;

        /** The number of the newest of these patterns. */
        private long newest;

        /** Up to which pattern the loop has been told to look for members. */
        private long told;

        private Share(Fanout fanout) {
            this.fanout = fanout;
        }

        boolean isEmpty() {
            return named == 0 && byPattern == 0;
        }
    }

    private final Destination topic;
    private final List<String> words;

    /** One for each loop that has subscribers. */
    private final List<Share> all = new ArrayList<>(1);

    /** The change of the patterns that the shares agree with; -1: it has not looked yet. */
    private long patternsKnown = -1;

    /**
     * None yet.
     *
     * @param words of the topic's name
     */
    TopicShares(Destination topic, List<String> words) {
        this.topic = topic;
        this.words = words;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    int memberCount() {
        int members = 0;
        for (int i = 0; i < all.size(); i++) {
            members += all.get(i).named + all.get(i).byPattern;
        }
        return members;
    }

    /** Hands a message, which has its place, to each loop. */
    void post(Message message) {
        long size = message.size();
        for (int share = 0; share < all.size(); share++) {
            Fanout fanout = all.get(share).fanout;
            EventLoop loop = fanout.loop();
            loop.post(fanout, message, size);
            if (loop.holdsPublishers()) {
                message.waitFor(loop);
            }
        }
    }

    /**
     * Looks for patterns that have come or gone since the last look. Members by pattern do not join one by one: that a loop has
     * them is seen here, with the next message, and the loop finds them when it is told, ahead of that message.
     *
     * @param sequence of the topic: new members get what comes behind it
     * @return whether there were any
     */
    boolean lookFor(PatternIndex patterns, long sequence) {
        if (!topic.isShared() || patterns.version() == patternsKnown) {
            return false;
        }
        for (Share share : all) {
            share.byPattern = 0;
        }
        patternsKnown = patterns.find(words, pattern -> {
            Share share = of(pattern.value());
            share.byPattern += pattern.count();
            share.newest = Math.max(share.newest, pattern.last());
        });
        for (Share share : all) {
            if (share.newest > share.told) {
                share.told = patternsKnown;
                share.fanout.postNewPatterns(patternsKnown, sequence);
            }
        }
        removeLeft();
        return true;
    }

    /** Lets go of the shares of loops that have no members any more. */
    void removeLeft() {
        all.removeIf(share -> {
            if (share.isEmpty()) {
                share.fanout.postTopicGone();
            }
            return share.isEmpty();
        });
    }

    /** The topic has gone. */
    void clear() {
        all.forEach(share -> share.fanout.postTopicGone());
        all.clear();
    }

    /** The loop's share, made when there is none. */
    Share of(TopicLoop state) {
        Share share = find(state);
        if (share == null) {
            share = new Share(state.acquire(topic, words));
            all.add(share);
        }
        return share;
    }

    /** The loop's share; null: there is none. */
    @Nullable
    Share find(TopicLoop state) {
        for (Share share : all) {
            if (share.fanout.state() == state) {
                return share;
            }
        }
        return null;
    }
}
