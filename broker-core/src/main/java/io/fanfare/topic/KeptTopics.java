package io.fanfare.topic;

import io.fanfare.loop.LongJobs;
import io.fanfare.loop.Loops;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Retain;
import io.fanfare.message.Sender;
import io.fanfare.message.TopicName;
import io.fanfare.options.TopicRule;
import io.fanfare.retention.Order;
import io.fanfare.retention.Orders;
import io.fanfare.retention.Retention;
import io.fanfare.retention.RetentionAccount;
import io.fanfare.retention.RetentionRules;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics that keep messages, the rules by which they do, and the sweep that lets go of what has expired. Any thread may
 * call.
 */
final class KeptTopics {

    /** Time between two sweeps. */
    static final Duration SWEEP_INTERVAL = Duration.ofSeconds(1);

    /** Messages that one topic lets go of in one step. */
    private static final int MOST_AT_ONCE = 50;

    private static final Logger LOG = LoggerFactory.getLogger(KeptTopics.class);

    private final RetentionAccount account;
    private final String epochPrefix;
    private final Loops loops;
    private final Consumer<Topic> onUnneeded;
    private volatile RetentionRules rules;
    private final Set<Topic> all = ConcurrentHashMap.newKeySet();

    /** Those that all clients share, by name. */
    private final ConcurrentNavigableMap<String, Topic> shared = new ConcurrentSkipListMap<>();

    private final Orders orders = new Orders();
    private final AtomicBoolean sweepExpected = new AtomicBoolean();
    private final AtomicBoolean evictionExpected = new AtomicBoolean();

    /**
     * None yet.
     *
     * @param epochPrefix what the epochs of this broker's topics begin with; those of its earlier lives began otherwise
     * @param onUnneeded told of a topic that keeps nothing any more and that no subscriber needs
     */
    KeptTopics(
            RetentionRules rules,
            RetentionAccount account,
            String epochPrefix,
            Loops loops,
            Consumer<Topic> onUnneeded) {
        this.rules = rules;
        this.account = account;
        this.epochPrefix = epochPrefix;
        this.loops = loops;
        this.onUnneeded = onUnneeded;
        account.onHistoryNearlyFull(this::expectEviction);
    }

    RetentionRules rules() {
        return rules;
    }

    /** Other rules from now on: a topic follows them with its next message or subscriber, or with the next sweep. */
    void rules(RetentionRules newRules) {
        if (!orders.isEmpty() && !newRules.keepsSame(rules)) {
            LOG.warn(
                    "topics: what topics keep in a cluster changes when all of its nodes are restarted; it stays as it is");
            return;
        }
        rules = newRules;
    }

    RetentionAccount account() {
        return account;
    }

    Message.Epoch epoch(long topic) {
        return new Message.Epoch(epochPrefix + topic, 0);
    }

    /** The rule by which a topic keeps messages; null: it keeps none, unless one asks for it. */
    @Nullable
    TopicRule keeping(Destination topic) {
        TopicRule rule = rule(topic);
        return rule != null && rule.keeps() ? rule : null;
    }

    Orders orders() {
        return orders;
    }

    /** As {@link Orders#of}, for one topic. */
    @Nullable
    Order order(Destination topic) {
        return orders.isEmpty() ? null : orders.of(rule(topic));
    }

    /**
     * As {@link Orders#change}; the rule's topics follow, and keep nothing any more when it begins anew.
     *
     * @return whether it does
     */
    boolean order(TopicRule rule, String epoch, long lostUpTo) {
        Orders.Change change = orders.change(rule, epoch, lostUpTo);
        all.forEach(topic -> topic.follow(change.old(), change.now()));
        return change.isNewLife();
    }

    /** Whether a topic that does not exist would keep one of the messages. */
    boolean wouldKeep(Destination destination, List<Message> messages) {
        boolean keeps = keeping(destination) != null;
        // asked for each message to a topic without subscribers here: a stream costs more than the rest
        for (int i = 0; !keeps && i < messages.size(); i++) {
            keeps = messages.get(i).properties().retain() == Retain.SET;
        }
        return keeps;
    }

    /** What a topic that does not exist would keep; for questions alone. */
    Retention retention(Destination destination) {
        Retention retention = new Retention(account);
        retention.rule(rule(destination), 0, 0);
        return retention;
    }

    /**
     * Makes sure that a topic can keep messages which keeps none yet, as far as they and its rule ask for it.
     *
     * @param claim takes the room for them
     * @throws ProtocolException when it can't
     */
    void check(Destination destination, List<Message> messages, RetentionAccount.Claim claim) {
        Sender sender = messages.get(0).sender();
        if (sender != null) {
            claim.addTo(sender.quota());
        }
        retention(destination).check(messages, claim);
    }

    private @Nullable TopicRule rule(Destination destination) {
        RetentionRules current = rules;
        return current.isEmpty() ? null : current.find(destination, TopicName.split(destination.name()));
    }

    /** The topic keeps messages from now on. */
    void add(Topic topic) {
        all.add(topic);
        account.keepTopic(topic.destination().name());
        if (topic.destination().isShared()) {
            shared.put(topic.destination().name(), topic);
        }
        expectSweep();
    }

    /** The topic has gone. */
    void remove(Topic topic) {
        if (all.remove(topic)) {
            account.letGoOfTopic(topic.destination().name());
            shared.remove(topic.destination().name(), topic);
        }
    }

    int count() {
        return all.size();
    }

    /** Whether a pattern may match one. */
    boolean hasShared() {
        return !shared.isEmpty();
    }

    /**
     * Those that all clients share whose names begin so, in order; ones that come meanwhile may be among them.
     *
     * @param after the name behind which to begin; empty: at the beginning
     */
    Iterator<Topic> beginningWith(String prefix, String after) {
        String from = after.compareTo(prefix) < 0 ? prefix : after;
        return shared.subMap(from, after.isEmpty(), prefix + Character.MAX_VALUE, true)
                .values()
                .iterator();
    }

    /** All of them let go of everything; the caller forgets those that no subscriber needs. */
    void clear() {
        for (Topic topic : all) {
            topic.clear();
            while (tryToSweep(topic) > 0) {
                // in parts: messages that are thrown away are let go of by sweeps
            }
            topic.end();
        }
    }

    private void expectSweep() {
        if (sweepExpected.compareAndSet(false, true)) {
            loops.schedule(SWEEP_INTERVAL, loop -> loops.executeInParts(new Round()));
        }
    }

    /** Sweeps all topics once; what one topic has to let go of takes as many steps as it needs. */
    private final class Round implements LongJobs.Job {

        private final Iterator<Topic> topics = all.iterator();

        /** The topic that has more to let go of; null: the next one is due. */
        private @Nullable Topic unfinished;

        @Override
        public boolean run(int steps) {
            int left = steps;
            while (left > 0 && hasNext()) {
                Topic topic = unfinished == null ? topics.next() : unfinished;
                int removed = tryToSweep(topic);
                unfinished = removed < MOST_AT_ONCE ? null : topic;
                left -= 1 + removed;
            }
            if (hasNext()) {
                return true;
            }
            sweepExpected.set(false);
            if (!all.isEmpty()) {
                expectSweep();
            }
            return false;
        }

        private boolean hasNext() {
            return unfinished != null || topics.hasNext();
        }
    }

    /** Called for each message while histories are nearly full, under the lock of its topic. */
    private void expectEviction() {
        if (!evictionExpected.get() && evictionExpected.compareAndSet(false, true)) {
            loops.executeInParts(new Eviction());
        }
    }

    /**
     * While all histories together are nearly full: the oldest messages of all topics go. Where there are many topics, those of
     * some are compared at a time, in rotation.
     */
    private final class Eviction implements LongJobs.Job {

        private static final int TOPICS_COMPARED = 64;

        private Iterator<Topic> topics = all.iterator();

        /** Topics that have been looked at since one had something to let go of. */
        private int looked;

        @Override
        public boolean run(int steps) {
            int left = steps;
            while (left > 0) {
                if (!account.isHistoryNearlyFull() || looked > all.size()) {
                    // the next message that is kept has it begin anew where there is still too much
                    evictionExpected.set(false);
                    return false;
                }
                left -= evict();
            }
            return true;
        }

        /** Has one of some topics let go of what is older than what the others have; returns the steps that it took. */
        private int evict() {
            Topic oldest = null;
            long first = Long.MAX_VALUE;
            long second = Long.MAX_VALUE;
            int compared = 0;
            int most = Math.min(TOPICS_COMPARED, count());
            while (compared < most && hasNext()) {
                Topic next = topics.next();
                long time = tryToTrim(next, Long.MIN_VALUE, 0);
                compared++;
                if (time < first || oldest == null) {
                    second = first;
                    first = time;
                    oldest = next;
                } else {
                    second = Math.min(second, time);
                }
            }
            looked += Math.max(1, compared);
            if (oldest != null && first < Long.MAX_VALUE) {
                looked = 0;
                tryToTrim(oldest, second, MOST_AT_ONCE);
            }
            return compared + MOST_AT_ONCE;
        }

        /** A bug in one topic must not be the reason that others let go of nothing. */
        private long tryToTrim(Topic topic, long upTo, int most) {
            try {
                return topic.trimHistory(upTo, most);
            } catch (RuntimeException | Error e) {
                LOG.error("bug in the history of {}", topic.destination(), e);
                return Long.MAX_VALUE;
            }
        }

        private boolean hasNext() {
            if (!topics.hasNext()) {
                topics = all.iterator();
            }
            return topics.hasNext();
        }
    }

    /** A bug in one topic must not end the sweeps. Returns how many messages the topic has let go of. */
    private int tryToSweep(Topic topic) {
        try {
            int removed = topic.sweep(account.clock().uptimeMillis(), MOST_AT_ONCE);
            if (topic.isUnneeded()) {
                onUnneeded.accept(topic);
            }
            return removed;
        } catch (RuntimeException | Error e) {
            LOG.error("bug while sweeping {}", topic.destination(), e);
            return 0;
        }
    }
}
