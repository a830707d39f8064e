package io.fanfare.topic;

import io.fanfare.loop.Memory;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.FeedSource;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.TopicMember;
import io.fanfare.message.TopicName;
import io.fanfare.status.TopicStatus;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * All topics of a broker. A topic comes with its first subscriber, or with the first message that a pattern matches, and
 * goes with its last subscriber. Any thread may publish; members come and go on their loops.
 */
public final class Topics implements FeedSource {

    /** Topics that only patterns have brought into being; the oldest go when there are more. */
    private static final int MAX_BY_PATTERN = 10_000;

    private final AtomicLong numbers;
    private final Runnable checkRoom;
    private final Memory memory;
    private final Map<Destination, Topic> byDestination = new ConcurrentHashMap<>();

    /** The shared ones by name, in order, for patterns to look through. */
    private final ConcurrentNavigableMap<String, Topic> shared = new ConcurrentSkipListMap<>();

    /**
     * No forgotten topic has counted further. New ones begin here, so that the messages of topics of one name that follow each
     * other have places that never go back.
     */
    private final AtomicLong endOfForgotten = new AtomicLong();

    private final PatternIndex patterns = new PatternIndex();
    private final ArrayDeque<Topic> byPattern = new ArrayDeque<>();
    private final Map<BrokerLoop, TopicLoop> loops = new ConcurrentHashMap<>();

    /**
     * No topics.
     *
     * @param numbers gives each topic and queue of the broker a number of its own
     * @param checkRoom throws when there are too many destinations for another one
     * @param memory counts what waits for its turn
     */
    public Topics(AtomicLong numbers, Runnable checkRoom, Memory memory) {
        this.numbers = numbers;
        this.checkRoom = checkRoom;
        this.memory = memory;
    }

    public int count() {
        return byDestination.size();
    }

    /** What operators see of each; ones that come or go meanwhile may be among them. */
    public Stream<TopicStatus> status() {
        return byDestination.values().stream().map(Topic::status);
    }

    /** What operators see of one; empty: it has no subscribers. */
    public Optional<TopicStatus> status(Destination destination) {
        return Optional.ofNullable(byDestination.get(destination)).map(Topic::status);
    }

    /** Whether a topic has subscribers that named it. */
    public boolean has(Destination destination) {
        return byDestination.containsKey(destination);
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
        TopicLoop loop = loop(brokerLoop);
        if (destination.kind() == Destination.Kind.PATTERN) {
            loop.addPattern(TopicName.splitPattern(destination.name()), member, patterns);
        } else {
            addNamed(destination, member, loop);
        }
    }

    @Override
    public void remove(Destination destination, TopicMember member, BrokerLoop brokerLoop) {
        TopicLoop loop = loop(brokerLoop);
        if (destination.kind() == Destination.Kind.PATTERN) {
            removePattern(TopicName.splitPattern(destination.name()), member, loop);
        } else {
            removeNamed(destination, member, loop);
        }
    }

    private TopicLoop loop(BrokerLoop brokerLoop) {
        return loops.computeIfAbsent(brokerLoop, loop -> new TopicLoop(loop, this, memory));
    }

    private void addNamed(Destination destination, TopicMember member, TopicLoop loop) {
        while (true) {
            if (!byDestination.containsKey(destination)) {
                // topics that patterns bring into being have a limit of their own
                checkRoom.run();
            }
            Topic topic = get(destination);
            if (topic.add(member, loop)) {
                return;
            }
            forget(topic);
        }
    }

    private void removeNamed(Destination destination, TopicMember member, TopicLoop loop) {
        Topic topic = byDestination.get(destination);
        if (topic != null && topic.remove(member, loop)) {
            forget(topic);
        }
    }

    private void removePattern(List<String> pattern, TopicMember member, TopicLoop loop) {
        if (loop.removePattern(pattern, member, patterns)) {
            loop.sweep().add(TopicName.literalPrefix(pattern));
        }
    }

    /** The shared topics whose names begin so, in order; ones that come meanwhile may be among them. */
    Stream<Destination> beginningWith(String prefix) {
        return shared.subMap(prefix, true, prefix + Character.MAX_VALUE, true).values().stream()
                .map(Topic::destination);
    }

    /** Forgets a topic that has no members any more. */
    void forgetUnneeded(Destination destination) {
        Topic topic = byDestination.get(destination);
        if (topic != null && topic.isGone(patterns)) {
            forget(topic);
        }
    }

    private Topic get(Destination destination) {
        return byDestination.computeIfAbsent(destination, d -> {
            Topic topic = new Topic(d, numbers.incrementAndGet(), endOfForgotten.get());
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
            // before another of this name can begin
            endOfForgotten.accumulateAndGet(topic.sequence(), Math::max);
            return null;
        });
    }
}
