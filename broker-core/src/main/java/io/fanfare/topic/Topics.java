package io.fanfare.topic;

import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.TopicName;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All topics there are. One comes with its first subscriber, or with the first message that a pattern matches, and goes
 * with its last subscriber. Any thread may publish; members come and go on their loops.
 */
public final class Topics {

    /** Topics that only patterns have brought up; the oldest go when there are more. */
    private static final int MAX_BY_PATTERN = 10_000;

    private final AtomicLong numbers;

    /** Throws when there are too many destinations for another one. */
    private final Runnable room;

    private final Map<String, Topic> byKey = new ConcurrentHashMap<>();

    /** The same, in order, for patterns to look through. */
    private final ConcurrentNavigableMap<String, Topic> sorted = new ConcurrentSkipListMap<>();

    private final PatternIndex patterns = new PatternIndex();
    private final ArrayDeque<Topic> byPattern = new ArrayDeque<>();

    public Topics(AtomicLong numbers, Runnable room) {
        this.numbers = numbers;
        this.room = room;
    }

    public int count() {
        return byKey.size();
    }

    /** Publishes the messages, all to one topic, with nothing between them. */
    public Outcome publish(String key, List<Message> messages) {
        while (true) {
            Topic topic = byKey.get(key);
            if (topic == null) {
                if (patterns.isEmpty() || !Topic.isPublic(key) || !patterns.matches(TopicName.split(key))) {
                    return new Outcome(0, 0, 0, messages.size());
                }
                topic = bringUp(key);
            }
            int members = topic.publish(messages, patterns);
            if (members >= 0) {
                return new Outcome(members, members, 0, members == 0 ? messages.size() : 0);
            }
            forget(topic);
        }
    }

    private Topic bringUp(String key) {
        Topic topic = get(key);
        Topic oldest = null;
        synchronized (byPattern) {
            byPattern.add(topic);
            if (byPattern.size() > MAX_BY_PATTERN) {
                oldest = byPattern.remove();
            }
        }
        if (oldest != null && oldest.evict()) {
            forget(oldest);
        }
        return topic;
    }

    /**
     * Adds a member to a topic by its name.
     *
     * @throws io.fanfare.frame.ProtocolException when it would be a new one and there is no room for it
     */
    public void add(String key, TopicMember member, BrokerLoop state) {
        while (true) {
            if (!byKey.containsKey(key)) {
                // those that patterns bring up have a limit of their own
                room.run();
            }
            Topic topic = get(key);
            if (topic.add(member, state, true)) {
                return;
            }
            forget(topic);
        }
    }

    public void remove(String key, TopicMember member, BrokerLoop state) {
        Topic topic = byKey.get(key);
        if (topic != null && topic.remove(member, state, true)) {
            forget(topic);
        }
    }

    /** From here on the member gets every message whose topic the pattern matches, also of topics still to come. */
    public void addPattern(List<String> pattern, TopicMember member, BrokerLoop state) {
        state.expectPattern(member);
        // first the index, then the topics: who brings up a topic looks in the other order, so one of us sees the other
        patterns.add(pattern, state);
        for (Topic topic : candidates(pattern).values()) {
            if (isMatch(pattern, topic)) {
                topic.add(member, state, false);
            }
        }
        state.patterns().add(pattern, member);
    }

    public void removePattern(List<String> pattern, TopicMember member, BrokerLoop state) {
        state.patterns().remove(pattern, member);
        state.forgetPatterns(member);
        patterns.remove(pattern, state);
        for (Topic topic : candidates(pattern).values()) {
            if (isMatch(pattern, topic) && topic.remove(member, state, false)) {
                forget(topic);
            }
        }
    }

    private static boolean isMatch(List<String> pattern, Topic topic) {
        return Topic.isPublic(topic.key()) && TopicName.matches(pattern, topic.words());
    }

    /** The topics whose names begin as the pattern does. */
    private NavigableMap<String, Topic> candidates(List<String> pattern) {
        String prefix = TopicName.literalPrefix(pattern);
        return sorted.subMap(prefix, true, prefix + Character.MAX_VALUE, true);
    }

    private Topic get(String key) {
        return byKey.computeIfAbsent(key, k -> {
            Topic topic = new Topic(k, numbers.incrementAndGet());
            sorted.put(k, topic);
            return topic;
        });
    }

    private void forget(Topic topic) {
        byKey.computeIfPresent(topic.key(), (key, found) -> {
            if (found != topic) {
                return found;
            }
            sorted.remove(key, topic);
            return null;
        });
    }
}
