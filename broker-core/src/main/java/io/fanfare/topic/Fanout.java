package io.fanfare.topic;

import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Mailbox;
import io.fanfare.message.Destination;
import io.fanfare.message.Feed;
import io.fanfare.message.Message;
import io.fanfare.message.TopicMember;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * One loop's members of one topic, in groups that get the same bytes. Made by any thread; what is in it is owned by the
 * loop. Topics of one name that follow each other share it.
 */
final class Fanout implements Mailbox.Receiver {

    /**
     * The loop must look for new members by pattern before the messages that follow.
     *
     * @param upTo the number of the last pattern that may be for them
     * @param sequence the topic's sequence; the new members get what comes after
     */
    private record NewPatterns(long upTo, long sequence) {}

    private final Destination topic;
    private final List<String> words;
    private final TopicLoop state;
    private final Backpressure.Lane lane;
    private final TopicLoop.Audiences audiences = new TopicLoop.Audiences();
    private final TopicLoop.Feeds feeds = new TopicLoop.Feeds();

    /** How many topics use it; {@link TopicLoop} counts, under a lock of the name. */
    int topics;

    /** The members of patterns up to this number are in it. */
    private long patternsSeen;

    /** The endings of patterns that it knows of. */
    private long endingsSeen;

    Fanout(Destination topic, List<String> words, TopicLoop state) {
        this.topic = topic;
        this.words = words;
        this.state = state;
        this.lane = new Backpressure.Lane(state.backpressure(), this);
    }

    Destination topic() {
        return topic;
    }

    EventLoop loop() {
        return state.loop();
    }

    TopicLoop state() {
        return state;
    }

    /** What waits until members have room. */
    Backpressure.Lane lane() {
        return lane;
    }

    // ---- what topics post, under their lock -----------------------------------------------------------------------

    /** The messages that follow are also for members by patterns up to this number. */
    void postNewPatterns(long upTo, long sequence) {
        loop().post(this::addNewPatterns, new NewPatterns(upTo, sequence), 0);
    }

    void postTopicGone() {
        loop().post(this::topicGone, topic, 0);
    }

    private void addNewPatterns(Object[] items, int from, int to) {
        for (int i = from; i < to; i++) {
            NewPatterns item = (NewPatterns) items[i];
            if (item.upTo() > patternsSeen) {
                state.members(words, patternsSeen, item.upTo(), member -> put(member, item.sequence()));
                patternsSeen = item.upTo();
            }
        }
    }

    private void topicGone(Object[] items, int from, int to) {
        for (int i = from; i < to; i++) {
            state.release(this);
        }
        if (!isIdle()) {
            audiences.whenEachIsIdle(() -> state.drop(this));
        }
    }

    /** No topic uses it any more; members by pattern may still be in it. */
    void release() {
        audiences.forEach(Audience::release);
    }

    /** Whether nothing waits in it, nor would a message that came now. */
    boolean isIdle() {
        return lane.isEmpty() && audiences.stream().allMatch(Audience::isIdle);
    }

    // ---- members --------------------------------------------------------------------------------------------------

    /**
     * Adds a member by name.
     *
     * @param joined the topic's sequence when it joined; it gets what comes after
     */
    void add(TopicMember member, long joined) {
        assert loop().isCurrent();
        put(member, joined);
    }

    private void put(TopicMember member, long joined) {
        if (member instanceof Feed feed) {
            feeds.add(feed, joined);
            return;
        }
        TopicSubscriber subscription = (TopicSubscriber) member;
        Audience audience = audiences.of(subscription);
        if (audience == null) {
            audiences.add(new Audience(this, subscription, joined));
        } else if (!member.isComposite() || audience.indexOf(subscription) < 0) {
            // a message that several parts of one SUBSCRIBE match comes once
            audience.add(subscription, joined);
        }
    }

    /** The audiences of this moment in which messages may wait for their turn. */
    List<Audience> pacedAudiences() {
        return audiences.stream().filter(audience -> audience.pacer() != null).toList();
    }

    /** Removes a member by name; false when it is none. */
    boolean remove(TopicMember member) {
        assert loop().isCurrent();
        return member instanceof TopicSubscriber subscription ? remove(subscription) : feeds.remove(member);
    }

    private boolean remove(TopicSubscriber subscription) {
        Audience audience = audiences.of(subscription);
        if (audience == null || !audience.remove(subscription)) {
            return false;
        }
        if (audience.isEmpty()) {
            audiences.remove(audience, subscription);
        }
        return true;
    }

    /**
     * Removes the members that are not active any more.
     *
     * @return how many members it looked at
     */
    int removeEnded() {
        assert loop().isCurrent();
        if (endingsSeen == state.endings()) {
            return 0;
        }
        endingsSeen = state.endings();
        int looked = feeds.size();
        for (Audience audience : audiences) {
            looked += audience.size();
            audience.removeEnded();
        }
        audiences.removeEmpty();
        feeds.removeEnded();
        return looked;
    }

    // ---- messages -------------------------------------------------------------------------------------------------

    @Override
    public void receive(Object[] items, int from, int to) {
        assert loop().isCurrent();
        // a member by pattern leaves its topics one by one, and gets nothing from the moment on that it has ended
        removeEnded();
        for (int i = 0; i < audiences.size(); i++) {
            audiences.get(i).deliver(items, from, to);
        }
        feeds.offer(items, from, to);
        state.loop().flushIfLong();
    }

    /** The first of some messages that is for a member whose connection must have room first; the end: none is. */
    int firstCongested(Object[] messages, int from, int to) {
        int first = to;
        for (int i = 0; i < audiences.size() && loop().isCongested(); i++) {
            first = audiences.get(i).firstCongested(messages, from, first);
        }
        return first;
    }

    /** What one topic knows of the loops that have subscribers of it. Guarded by the topic's lock. */
    static final class Shares {

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
        private final List<Share> all = new ArrayList<>(1);

        /** The change of the patterns that the shares agree with; -1: it has not looked yet. */
        private long patternsKnown = -1;

        /**
         * None yet.
         *
         * @param words of the topic's name
         */
        Shares(Destination topic, List<String> words) {
            this.topic = topic;
            this.words = words;
        }

        boolean isEmpty() {
            return all.isEmpty();
        }

        /** What a loop counts down that holds messages back; null: none does. */
        @Nullable
        CountDownLatch relief() {
            for (Share share : all) {
                if (share.fanout.lane().isBusy()) {
                    return share.fanout.lane().relief();
                }
            }
            return null;
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
            for (int i = 0; i < all.size(); i++) {
                Fanout fanout = all.get(i).fanout;
                if (!fanout.lane().holds(message, size)) {
                    fanout.loop().post(fanout, message, size);
                }
            }
        }

        /**
         * Looks for patterns that have come or gone since the last look. Members by pattern do not join one by one: that a loop has
         * them is seen here, with the next message, and the loop finds them when it is told, ahead of that message.
         *
         * @param sequence of the topic: new members get what comes behind it
         */
        void lookFor(PatternIndex patterns, long sequence) {
            if (!topic.isShared() || patterns.version() == patternsKnown) {
                return;
            }
            all.forEach(share -> share.byPattern = 0);
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
}
