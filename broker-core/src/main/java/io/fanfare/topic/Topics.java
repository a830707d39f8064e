package io.fanfare.topic;

import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.FeedSource;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.TopicMember;
import io.fanfare.message.TopicName;
import io.fanfare.options.MergePatch;
import io.fanfare.options.TopicOptions;
import io.fanfare.options.TopicRule;
import io.fanfare.retention.Order;
import io.fanfare.retention.Position;
import io.fanfare.retention.ReplayRequest;
import io.fanfare.retention.RetentionAccount;
import io.fanfare.retention.RetentionRules;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All topics of a broker. A topic comes with its first subscriber, or with the first message that a pattern matches, and
 * goes with its last subscriber. Any thread may publish; members come and go on their loops.
 */
public final class Topics implements FeedSource {

    /** Whether messages have been found to have room where they are kept. */
    public enum Checks {
        DUE,
        DONE
    }

    private final Runnable checkRoom;
    private final Memory memory;
    private final KeptTopics kept;
    private final MergePatch mergePatch;
    private final TopicMap byDestination;
    private final PatternIndex patterns = new PatternIndex();
    private final Map<BrokerLoop, TopicLoop> loops = new ConcurrentHashMap<>();

    /**
     * No topics.
     *
     * @param numbers gives each topic and queue of the broker a number of its own
     * @param checkRoom throws when there are too many destinations for another one
     * @param memory counts what waits for its turn, and what is kept
     * @param loops one of them looks now and then for kept messages that have expired
     * @param options what topics keep
     * @param epochPrefix what the epochs of this broker's topics begin with; those of its earlier lives began otherwise
     */
    public Topics(
            AtomicLong numbers,
            Runnable checkRoom,
            Memory memory,
            Loops loops,
            TopicOptions options,
            String epochPrefix) {
        this.checkRoom = checkRoom;
        this.memory = memory;
        this.mergePatch = options.mergePatch();
        this.kept = new KeptTopics(
                new RetentionRules(options.rules()),
                new RetentionAccount(options, memory),
                epochPrefix,
                loops,
                this::forget);
        this.byDestination = new TopicMap(numbers, kept);
    }

    /** Has topics keep what these rules say from now on. */
    public void rules(RetentionRules rules) {
        kept.rules(rules);
    }

    /** What topics keep together. */
    public RetentionAccount retained() {
        return kept.account();
    }

    /** The number of topics that keep messages, or would keep the next one. */
    public int keptCount() {
        return kept.count();
    }

    public int count() {
        return byDestination.count();
    }

    /** All of this moment; ones that come or go meanwhile may be among them. */
    public Stream<Topic> all() {
        return byDestination.all();
    }

    /** One; empty: it has no subscribers and keeps nothing. */
    public Optional<Topic> get(Destination destination) {
        return Optional.ofNullable(find(destination));
    }

    /** Subscriptions that name a topic, and those by patterns that it matches. */
    public int subscriberCount(Destination destination) {
        Topic topic = find(destination);
        return patterns.count(destination) + (topic == null ? 0 : topic.namedCount());
    }

    /** Lets go of what all topics keep; those without subscribers are forgotten. */
    public void clear() {
        kept.clear();
        all().map(Topic::destination).forEach(this::forgetUnneeded);
    }

    /**
     * Makes sure that messages can be kept as they ask and as the rules say, ahead of {@link #publish}.
     *
     * @param claim takes the room for them, and gives it back when they are published
     * @throws ProtocolException when they can't
     */
    public void check(Destination destination, List<Message> messages, RetentionAccount.Claim claim) {
        Topic topic = find(destination);
        if ((topic == null || !topic.check(messages, claim)) && kept.wouldKeep(destination, messages)) {
            checkRoom.run();
            claim.addTopic();
            kept.check(destination, messages, claim);
        }
    }

    /** Whether a message takes a last value away that frees as much as the message takes. */
    public boolean makesRoom(Destination destination, Message message) {
        Topic topic = find(destination);
        return topic != null && topic.makesRoom(message);
    }

    /**
     * Publishes the messages, all to one topic, with nothing between them.
     *
     * @param checks DONE after {@link #check}: what came in between may have taken their room, and is no reason any more
     * @throws ProtocolException when they can't be kept as they ask or as the rules say; then nothing has happened
     */
    public Outcome publish(Destination destination, List<Message> messages, Checks checks) {
        while (true) {
            Topic topic = topicFor(destination, messages, checks);
            if (topic == null) {
                return new Outcome(0, 0, 0, messages.size());
            }
            try {
                int members = topic.publish(messages, patterns, checks == Checks.DONE);
                if (members >= 0) {
                    return new Outcome(members, members, 0, members == 0 && !topic.keeps() ? messages.size() : 0);
                }
            } catch (ProtocolException e) {
                // it may have come into being for these messages alone
                forgetUnneeded(topic.destination());
                throw e;
            }
            forget(topic);
        }
    }

    /** The topic that takes these messages; null: no subscriber or rule wants them. */
    private @Nullable Topic topicFor(Destination destination, List<Message> messages, Checks checks) {
        Topic topic = find(destination);
        if (topic != null) {
            return topic;
        }
        if (kept.wouldKeep(destination, messages)) {
            if (checks == Checks.DUE) {
                checkRoom.run();
                messages.forEach(kept.retention(destination)::check);
            }
            return byDestination.getOrCreate(destination);
        }
        return patterns.matches(destination) ? createByPattern(destination) : null;
    }

    // ---- topics whose messages get their places outside of this node ----------------------------------------------

    /** As {@link KeptTopics#keeping}. */
    public @Nullable TopicRule keptRule(Destination topic) {
        return kept.keeping(topic);
    }

    /** In which its messages, or those of all topics of a pattern, get their places outside of this node; null: here. */
    public @Nullable Order orderOf(Destination topic) {
        return kept.order(topic);
    }

    /** As {@link KeptTopics#order(TopicRule, String, long)}. */
    public boolean order(TopicRule rule, String epoch, long lostUpTo) {
        return kept.order(rule, epoch, lostUpTo);
    }

    /**
     * Publishes a message of a topic whose rule has an order from outside. Called by one thread for each rule, in that order; a
     * message that came before goes nowhere. Limits have been looked at where the message was sent.
     *
     * @param number its number there
     */
    public Outcome publishAt(Destination destination, long number, Message message) {
        int members = (int) at(destination, number, (topic, place) -> topic.publishAt(place, message, patterns));
        return new Outcome(members, members, 0, 0);
    }

    /**
     * Lets go of everything that a topic keeps whose rule has an order from outside. Called as {@link #publishAt}, at the place that this
     * has in that order: no cursor from before it is good any more.
     *
     * @return how many last values and messages of its history
     */
    public long clearAt(Destination destination, long number) {
        return at(destination, number, Topic::clearAt);
    }

    /** What is done to a topic at a place; -1: the topic has gone. */
    private interface Step {
        long at(Topic topic, long place);
    }

    private long at(Destination destination, long number, Step step) {
        Order order = kept.order(destination);
        if (order == null) {
            throw new IllegalStateException("no order for " + destination);
        }
        long place = order.epoch().place(number);
        while (true) {
            Topic topic = byDestination.getOrCreate(destination);
            long effect = step.at(topic, place);
            if (effect >= 0) {
                // behind it: a topic that begins meanwhile gets the message
                order.published(place);
                return effect;
            }
            forget(topic);
        }
    }

    private Topic createByPattern(Destination destination) {
        Topic topic = byDestination.getOrCreate(destination);
        Topic oldest = patterns.broughtUp(topic);
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
            addNamed(destination, member, loop, ReplayRequest.NONE);
        }
    }

    /**
     * Has a subscription get every message of these topics from now on, and before that what they keep and it asks for.
     *
     * @param snapshotEnd tells the client that there are no more last values, where no value can
     * @return headers of the RECEIPT that say where it begins; completed at once or later, on the loop
     * @throws ProtocolException when the broker has too many destinations
     */
    public CompletableFuture<Headers> subscribe(
            List<Destination> destinations,
            TopicSubscriber subscriber,
            BrokerLoop brokerLoop,
            ReplayRequest request,
            Runnable snapshotEnd) {
        return loop(brokerLoop).replays().subscribe(destinations, subscriber, request, snapshotEnd);
    }

    /** The topic of this name; null: there is none. */
    @Nullable
    Topic find(Destination destination) {
        return byDestination.find(destination);
    }

    /** Those that keep messages and that all clients share. */
    KeptTopics kept() {
        return kept;
    }

    PatternIndex patterns() {
        return patterns;
    }

    @Override
    public void remove(Destination destination, TopicMember member, BrokerLoop brokerLoop) {
        TopicLoop loop = loop(brokerLoop);
        if (destination.kind() == Destination.Kind.PATTERN) {
            loop.removePattern(TopicName.splitPattern(destination.name()), member, patterns);
        } else {
            removeNamed(destination, member, loop);
        }
    }

    private TopicLoop loop(BrokerLoop brokerLoop) {
        return loops.computeIfAbsent(brokerLoop, loop -> new TopicLoop(loop, this, memory, mergePatch));
    }

    /** Adds a member to a topic, which comes into being where there is none. */
    Position addNamed(Destination destination, TopicMember member, TopicLoop loop, ReplayRequest request) {
        while (true) {
            if (find(destination) == null) {
                // topics that patterns bring into being have a limit of their own
                checkRoom.run();
            }
            Topic topic = byDestination.getOrCreate(destination);
            Position position = topic.add(member, loop, request);
            if (position != null) {
                return position;
            }
            forget(topic);
        }
    }

    private void removeNamed(Destination destination, TopicMember member, TopicLoop loop) {
        Topic topic = find(destination);
        if (topic != null && topic.remove(member, loop)) {
            forget(topic);
        }
    }

    TopicMap byDestination() {
        return byDestination;
    }

    /** Forgets a topic that has no members any more. */
    void forgetUnneeded(Destination destination) {
        Topic topic = find(destination);
        if (topic != null && topic.isGone(patterns)) {
            forget(topic);
        }
    }

    private void forget(Topic topic) {
        byDestination.forget(topic);
    }
}
