package io.fanfare.topic;

import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.FeedSource;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.TopicMember;
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
 * All topics of a broker. A topic comes with its first subscriber, or with the first message that a pattern matches, and
 * goes with its last subscriber. Any thread may publish; members come and go on their loops.
 */
public final class Topics implements FeedSource {

    /** Topics that only patterns have brought into being; the oldest go when there are more. */
    private static final int MAX_BY_PATTERN = 10_000;

    private final AtomicLong numbers;
    private final Runnable checkRoom;
    private final Map<Destination, Topic> byDestination = new ConcurrentHashMap<>();

    /** The shared ones by name, in order, for patterns to look through. */
    private final ConcurrentNavigableMap<String, Topic> shared = new ConcurrentSkipListMap<>();

    private final PatternIndex patterns = new PatternIndex();
    private final ArrayDeque<Topic> byPattern = new ArrayDeque<>();
    private final Map<BrokerLoop, TopicLoop> loops = new ConcurrentHashMap<>();

    /**
     * No topics.
     *
     * @param numbers gives each topic and queue of the broker a number of its own
     * @param checkRoom throws when there are too many destinations for another one
     */
    public Topics(AtomicLong numbers, Runnable checkRoom) {
        this.numbers = numbers;
        this.checkRoom = checkRoom;
    }

    public int count() {
        return byDestination.size();
    }

    /** Publishes the messages, all to one topic, with nothing between them. */
    public Outcome publish(Destination destination, List<Message> messages) {
        while (true) {
            Topic topic = byDestination.get(destination);
            if (topic == null) {
                if (!matchesPattern(destination)) {
                    return new Outcome(0, 0, 0, messages.size());
                }
                topic = createByPattern(destination);
            }
            int members = topic.publish(messages, patterns);
            if (members >= 0) {
                return new Outcome(members, members, 0, members == 0 ? messages.size() : 0);
            }
            forget(topic);
        }
    }

    private boolean matchesPattern(Destination destination) {
        return !patterns.isEmpty() && destination.isShared() && patterns.matches(TopicName.split(destination.name()));
    }

    private Topic createByPattern(Destination destination) {
        Topic topic = get(destination);
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

    @Override
    public void add(Destination destination, TopicMember member, BrokerLoop brokerLoop) {
        TopicLoop loop = loops.computeIfAbsent(brokerLoop, TopicLoop::new);
        if (destination.kind() == Destination.Kind.PATTERN) {
            addPattern(TopicName.splitPattern(destination.name()), member, loop);
        } else {
            addNamed(destination, member, loop);
        }
    }

    @Override
    public void remove(Destination destination, TopicMember member, BrokerLoop brokerLoop) {
        TopicLoop loop = loops.computeIfAbsent(brokerLoop, TopicLoop::new);
        if (destination.kind() == Destination.Kind.PATTERN) {
            removePattern(TopicName.splitPattern(destination.name()), member, loop);
        } else {
            removeNamed(destination, member, loop);
        }
    }

    private void addNamed(Destination destination, TopicMember member, TopicLoop loop) {
        while (true) {
            if (!byDestination.containsKey(destination)) {
                // topics that patterns bring into being have a limit of their own
                checkRoom.run();
            }
            Topic topic = get(destination);
            if (topic.add(member, loop, true)) {
                return;
            }
            forget(topic);
        }
    }

    private void removeNamed(Destination destination, TopicMember member, TopicLoop loop) {
        Topic topic = byDestination.get(destination);
        if (topic != null && topic.remove(member, loop, true)) {
            forget(topic);
        }
    }

    /** From here on the member gets every message whose topic the pattern matches, also of topics still to come. */
    private void addPattern(List<String> pattern, TopicMember member, TopicLoop loop) {
        loop.expectPattern(member);
        // first the index, then the topics: a publisher of a new topic looks in the other order, so one sees the other
        patterns.add(pattern, loop);
        for (Topic topic : candidates(pattern).values()) {
            if (TopicName.matches(pattern, topic.words())) {
                topic.add(member, loop, false);
            }
        }
        loop.patterns().add(pattern, member);
    }

    private void removePattern(List<String> pattern, TopicMember member, TopicLoop loop) {
        loop.patterns().remove(pattern, member);
        loop.forgetPatterns(member);
        patterns.remove(pattern, loop);
        for (Topic topic : candidates(pattern).values()) {
            if (TopicName.matches(pattern, topic.words()) && topic.remove(member, loop, false)) {
                forget(topic);
            }
        }
    }

    /** The topics whose names begin as the pattern does. */
    private NavigableMap<String, Topic> candidates(List<String> pattern) {
        String prefix = TopicName.literalPrefix(pattern);
        return shared.subMap(prefix, true, prefix + Character.MAX_VALUE, true);
    }

    private Topic get(Destination destination) {
        return byDestination.computeIfAbsent(destination, d -> {
            Topic topic = new Topic(d, numbers.incrementAndGet());
            if (d.isShared()) {
                shared.put(d.name(), topic);
            }
            return topic;
        });
    }

    private void forget(Topic topic) {
        byDestination.computeIfPresent(topic.destination(), (destination, found) -> {
            if (found != topic) {
                return found;
            }
            shared.remove(destination.name(), topic);
            return null;
        });
    }
}
