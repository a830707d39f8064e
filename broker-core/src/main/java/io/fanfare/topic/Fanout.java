package io.fanfare.topic;

import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Mailbox;
import io.fanfare.message.Feed;
import io.fanfare.message.Message;
import io.fanfare.message.TopicMember;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One loop's members of one topic, in groups that get the same bytes. Made by any thread under the topic's lock; what is
 * in it is owned by the loop.
 */
final class Fanout implements Mailbox.Receiver {

    private final Topic topic;
    private final TopicLoop state;
    private final List<Audience> audiences = new ArrayList<>(1);
    private final List<Feed> feeds = new ArrayList<>(0);

    /** For each feed, the topic's sequence when it joined. */
    private final List<Long> feedsJoined = new ArrayList<>(0);

    /**
     * For each composite member that is here, how many of its destinations are this topic; null: there is none. It gets
     * each message once.
     */
    private @Nullable Map<TopicMember, Integer> parts;

    /** Patterns that the loop had been asked for when this was made. */
    private final long patternsBefore;

    /** Whether the loop's patterns have been asked for members. */
    private boolean resolved;

    /** The number of members, read by publishers; one before the loop has looked. */
    private volatile int members = 1;

    Fanout(Topic topic, TopicLoop state) {
        this.topic = topic;
        this.state = state;
        this.patternsBefore = state.patternsSoFar();
    }

    EventLoop loop() {
        return state.loop();
    }

    TopicLoop state() {
        return state;
    }

    int members() {
        return members;
    }

    boolean isEmpty() {
        return audiences.isEmpty() && feeds.isEmpty();
    }

    /**
     * Adds a member.
     *
     * @param joined the topic's sequence when it joined; it gets what comes after
     */
    void add(TopicMember member, long joined) {
        assert loop().isCurrent();
        resolve();
        put(member, joined);
        count();
    }

    /**
     * When a member by pattern joined: one that had asked before this was made may have got messages of an earlier topic of
     * this name since, and all of this one's come after them.
     */
    long joinedByPattern(TopicMember member, long joined) {
        return state.isAmong(patternsBefore, member) ? 0 : joined;
    }

    /**
     * Members by pattern that were there before this was get all of it. Later ones come by themselves, unless the topic
     * had gone by then, and nothing of it is for them.
     */
    private void resolve() {
        if (!resolved) {
            resolved = true;
            state.patterns().match(topic.words(), member -> {
                if (state.isAmong(patternsBefore, member)) {
                    put(member, 0);
                }
            });
        }
    }

    private void put(TopicMember member, long joined) {
        if (member.isComposite() && !isFirstPart(member)) {
            return;
        }
        if (member instanceof Feed feed) {
            feeds.add(feed);
            feedsJoined.add(joined);
            return;
        }
        TopicSubscriber subscription = (TopicSubscriber) member;
        for (Audience audience : audiences) {
            if (audience.suits(subscription)) {
                audience.add(subscription, joined);
                return;
            }
        }
        audiences.add(new Audience(subscription, joined, state.brokerLoop()));
    }

    private boolean isFirstPart(TopicMember member) {
        Map<TopicMember, Integer> counts = parts;
        if (counts == null) {
            counts = new IdentityHashMap<>(2);
            parts = counts;
        }
        return counts.merge(member, 1, Integer::sum) == 1;
    }

    /** Removes a member, or one of the parts that it is here by; false when it is none. */
    boolean remove(TopicMember member) {
        assert loop().isCurrent();
        resolve();
        if (parts != null && parts.computeIfPresent(member, (key, count) -> count == 1 ? null : count - 1) != null) {
            return true;
        }
        boolean removed = member instanceof TopicSubscriber subscription ? remove(subscription) : removeFeed(member);
        count();
        return removed;
    }

    private boolean remove(TopicSubscriber subscription) {
        for (int i = 0; i < audiences.size(); i++) {
            if (audiences.get(i).remove(subscription)) {
                if (audiences.get(i).isEmpty()) {
                    audiences.remove(i);
                }
                return true;
            }
        }
        return false;
    }

    private boolean removeFeed(TopicMember feed) {
        int index = feeds.indexOf(feed);
        if (index >= 0) {
            feeds.remove(index);
            feedsJoined.remove(index);
        }
        return index >= 0;
    }

    private void count() {
        int sum = feeds.size();
        for (Audience audience : audiences) {
            sum += audience.size();
        }
        members = sum;
    }

    @Override
    public void receive(Object[] items, int from, int to) {
        assert loop().isCurrent();
        if (!resolved) {
            resolve();
            count();
        }
        if (topic.isGone()) {
            // a subscriber that has left since could not find this topic any more
            audiences.forEach(Audience::removeEnded);
        }
        for (int i = 0; i < audiences.size(); i++) {
            audiences.get(i).deliver(items, from, to);
        }
        for (int i = 0; i < feeds.size(); i++) {
            for (int item = from; item < to; item++) {
                Message message = (Message) items[item];
                if (message.sequence() > feedsJoined.get(i)) {
                    feeds.get(i).offer(message);
                }
            }
        }
        state.loop().flushIfLong();
    }
}
