package io.fanfare.topic;

import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Memory;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.Encoding;
import io.fanfare.message.Feed;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.Sender;
import io.fanfare.message.TopicMember;
import io.fanfare.message.TopicName;
import io.fanfare.options.MergePatch;
import io.fanfare.topic.backlog.DeliveryPolicy;
import java.util.AbstractList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One loop's members of topics that patterns name, and its share in every topic. Owned by that loop; {@link #acquire} alone
 * is for any thread.
 */
final class TopicLoop {

    /** Members by pattern that are remembered in the order in which they came; earlier ones are looked for in the trie. */
    private static final int RECENT = 256;

    /** A pattern that a member has asked for, as the change of that number in the {@link PatternIndex}. */
    private record Asked(long number, List<String> pattern, TopicMember member) {}

    private final BrokerLoop brokerLoop;
    private final PatternTrie<TopicMember> patterns = new PatternTrie<>();

    /** The last patterns that were asked for; the newest first. */
    private final ArrayDeque<Asked> recent = new ArrayDeque<>(0);

    /** All patterns with a greater number are among the recent ones. */
    private long recentSince;

    /** How many patterns have ended here. */
    private long endings;

    /** By topic; one stays as long as a topic of that name, or what waits in it for its turn, needs it. */
    private final Map<Destination, Fanout> fanouts = new ConcurrentHashMap<>();

    /** Those that no topic needs any more, and in which something waits; may change while it is looked through. */
    private final Set<Destination> lingering = ConcurrentHashMap.newKeySet();

    private final Sweep sweep;
    private final Replays replays;
    private final MergePatch mergePatch;
    private final PacingBudgets pacing;
    private final Backpressure backpressure;

    TopicLoop(BrokerLoop brokerLoop, Topics topics, Memory memory, MergePatch mergePatch) {
        this.mergePatch = mergePatch;
        this.brokerLoop = brokerLoop;
        this.sweep = new Sweep(topics, this);
        this.replays = new Replays(this, topics);
        this.pacing = new PacingBudgets(memory);
        this.backpressure = new Backpressure(brokerLoop.loop(), memory.highBytes() / 2);
    }

    BrokerLoop brokerLoop() {
        return brokerLoop;
    }

    EventLoop loop() {
        return brokerLoop.loop();
    }

    /** What its paced subscriptions may hold back. */
    PacingBudgets pacing() {
        return pacing;
    }

    /** What comes faster than it can leave; any thread may post there. */
    Backpressure backpressure() {
        return backpressure;
    }

    /** Finds the differences of values. */
    MergePatch mergePatch() {
        return mergePatch;
    }

    /** Sends new subscriptions what topics keep. */
    Replays replays() {
        return replays;
    }

    // ---- patterns -------------------------------------------------------------------------------------------------

    /** The member gets the messages that are published from here on to topics which the pattern matches. */
    void addPattern(List<String> pattern, TopicMember member, PatternIndex index) {
        assert loop().isCurrent();
        long number = index.add(pattern, this, member.owner());
        patterns.add(pattern, member, number);
        recent.addFirst(new Asked(number, pattern, member));
        if (recent.size() > RECENT) {
            recentSince = recent.removeLast().number();
        }
    }

    /**
     * The member, which is not active any more, has ended one of its patterns. Nothing happens when it has not asked for it; else
     * topics that are there for it alone go soon.
     */
    void removePattern(List<String> pattern, TopicMember member, PatternIndex index) {
        assert loop().isCurrent();
        if (patterns.remove(pattern, member)) {
            index.remove(pattern, this, member.owner());
            recent.removeIf(asked -> asked.member() == member && asked.pattern().equals(pattern));
            endings++;
            sweep.add(TopicName.literalPrefix(pattern));
        }
    }

    /** How many patterns have ended here: a {@link Fanout} that knows of fewer may have members that have left. */
    long endings() {
        return endings;
    }

    /** Gives the members that have asked for a pattern of this name, as changes after the one number up to the other. */
    void members(List<String> name, long after, long upTo, Consumer<TopicMember> found) {
        if (after < recentSince) {
            patterns.match(name, entry -> {
                if (entry.first() > after && entry.first() <= upTo) {
                    found.accept(entry.value());
                }
            });
            return;
        }
        Iterator<Asked> newest = recent.iterator();
        while (newest.hasNext()) {
            Asked asked = newest.next();
            if (asked.number() <= after) {
                return;
            }
            if (asked.number() <= upTo && TopicName.matches(asked.pattern(), name)) {
                found.accept(asked.member());
            }
        }
    }

    // ---- shares in topics -----------------------------------------------------------------------------------------

    /**
     * The loop's share in the topics of a name, for one of them more; called by any thread. It outlives a topic as long as
     * something waits in it, so that a topic that comes back goes on where the one before it was.
     */
    Fanout acquire(Destination topic, List<String> words) {
        return fanouts.compute(topic, (name, found) -> {
            Fanout fanout = found == null ? new Fanout(name, words, this) : found;
            fanout.topics++;
            return fanout;
        });
    }

    /** A topic has gone, and all of it has been received. */
    void release(Fanout fanout) {
        assert loop().isCurrent();
        fanouts.computeIfPresent(fanout.topic(), (name, found) -> {
            found.topics--;
            return found;
        });
        if (!drop(fanout)) {
            lingering.add(fanout.topic());
        }
    }

    /** Forgets a share that no topic needs and in which nothing waits; false when there is a reason not to. */
    boolean drop(Fanout fanout) {
        assert loop().isCurrent();
        Fanout left = fanouts.computeIfPresent(
                fanout.topic(), (name, found) -> found.topics == 0 && found.isIdle() ? null : found);
        if (left == null) {
            fanout.release();
            lingering.remove(fanout.topic());
        }
        return left == null;
    }

    /** The names of topics that have gone and of which something still waits. */
    Stream<Destination> lingering() {
        return lingering.stream();
    }

    /** The share in the topics of a name; null when there is none. */
    @Nullable
    Fanout fanout(Destination topic) {
        assert loop().isCurrent();
        return fanouts.get(topic);
    }

    /**
     * The audiences of one {@link Fanout}. Many of them, which subscriptions under ids of their own make, are found by what their members
     * have in common. Owned by the loop.
     */
    static final class Audiences extends AbstractList<Audience> implements RandomAccess {

        /** So few are looked through one by one, without an index. */
        private static final int FEW = 16;

        /** What the members of an audience have in common, as {@link Audience#suits} compares it. */
        private record Kind(
                Encoding encoding,
                String selector,
                @Nullable Sender exceptFrom,
                DeliveryPolicy policy,
                List<Destination> destinations) {

            static Kind of(TopicSubscriber subscriber) {
                MessageFilter filter = subscriber.filter();
                DeliveryPolicy policy = subscriber.policy();
                List<Destination> destinations = policy.isPaced() ? subscriber.destinations() : List.of();
                return new Kind(subscriber.encoding(), filter.text(), filter.exceptFrom(), policy, destinations);
            }
        }

        private final List<Audience> all = new ArrayList<>(1);

        /** Null: there are few. */
        private @Nullable Map<Kind, Audience> byKind;

        @Override
        public int size() {
            return all.size();
        }

        @Override
        public Audience get(int index) {
            return all.get(index);
        }

        /** The audience that a subscription is in, or would join; null: there is none. */
        @Nullable
        Audience of(TopicSubscriber subscriber) {
            if (all.size() > FEW) {
                Map<Kind, Audience> index = byKind == null ? index() : byKind;
                return index.get(Kind.of(subscriber));
            }
            for (Audience audience : all) {
                if (audience.suits(subscriber)) {
                    return audience;
                }
            }
            return null;
        }

        private Map<Kind, Audience> index() {
            Map<Kind, Audience> index = new HashMap<>();
            all.forEach(each -> index.put(Kind.of(each.member(0)), each));
            byKind = index;
            return index;
        }

        @Override
        public boolean add(Audience audience) {
            if (byKind != null) {
                byKind.put(Kind.of(audience.member(0)), audience);
            }
            return all.add(audience);
        }

        /** Runs a task once for each of these that holds something back, when it does no longer. */
        void whenEachIsIdle(Runnable task) {
            for (Audience audience : all) {
                Pacer pacer = audience.pacer();
                if (pacer != null) {
                    pacer.whenIdle(task);
                }
            }
        }

        /** Those without members go. */
        void removeEmpty() {
            if (all.removeIf(Audience::isEmpty)) {
                byKind = null;
            }
        }

        /** The audience of this subscription, which was its last member, goes. */
        void remove(Audience empty, TopicSubscriber last) {
            all.remove(empty);
            if (byKind != null) {
                byKind.remove(Kind.of(last));
            }
        }
    }

    /** The feeds among the members of one {@link Fanout}, each with the topic's sequence when it joined. */
    static final class Feeds {

        private record Joined(Feed feed, long sequence) {}

        private List<Joined> all = Collections.emptyList();

        int size() {
            return all.size();
        }

        /** Adds one; of several parts of one SUBSCRIBE the first counts. */
        void add(Feed feed, long sequence) {
            if (!feed.isComposite() || all.stream().noneMatch(each -> each.feed() == feed)) {
                all = all.isEmpty() ? new ArrayList<>(1) : all;
                all.add(new Joined(feed, sequence));
            }
        }

        /** Removes one; false when it is none of these. */
        boolean remove(TopicMember feed) {
            return all.removeIf(each -> each.feed() == feed);
        }

        void removeEnded() {
            all.removeIf(each -> !each.feed().isActive());
        }

        /** Gives each the messages that were published after it had joined. */
        void offer(Object[] messages, int from, int to) {
            for (int i = 0; i < all.size(); i++) {
                Joined each = all.get(i);
                for (int item = from; item < to; item++) {
                    Message message = (Message) messages[item];
                    if (message.sequence() > each.sequence()) {
                        each.feed().offer(message);
                    }
                }
            }
        }
    }
}
