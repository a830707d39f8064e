package io.fanfare.topic;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Destination;
import io.fanfare.message.TopicName;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Index of the loops that have subscriptions to patterns of topics. Every change has a number, by which topics see that
 * they must look again. Shared by all loops, behind a lock of its own.
 */
final class PatternIndex {

    /** Topics that only patterns have brought into being; the oldest go when there are more. */
    private static final int MAX_BROUGHT_UP = 10_000;

    private final ArrayDeque<Topic> broughtUp = new ArrayDeque<>();
    private final PatternTrie<TopicLoop> loops = new PatternTrie<>();
    private final Shapes shapes = new Shapes();

    /** The number of the last change; written under the lock, read without it. */
    private volatile long version;

    private volatile boolean empty = true;

    /**
     * Adds a subscription of a loop.
     *
     * @param owner of the subscription, as {@link io.fanfare.message.TopicMember#owner} says
     * @return the number of the change: a publisher that reads it, or a later one, finds the loop
     * @throws ProtocolException when its {@code *} stand as those of no other pattern, or of no other of the owner's, and there are
     *     too many such ways
     */
    synchronized long add(List<String> pattern, TopicLoop loop, String owner) {
        shapes.add(pattern, owner);
        long number = version + 1;
        loops.add(pattern, loop, number);
        empty = false;
        // last: a topic that reads the number must find the pattern it stands for
        version = number;
        return number;
    }

    synchronized void remove(List<String> pattern, TopicLoop loop, String owner) {
        if (loops.remove(pattern, loop)) {
            shapes.remove(pattern, owner);
        }
        empty = loops.isEmpty();
        version++;
    }

    long version() {
        return version;
    }

    /**
     * Gives the loops that have patterns which the name matches, once for each of these patterns.
     *
     * @return the number of the last change that this knows of
     */
    synchronized long find(List<String> name, Consumer<PatternTrie.Entry<TopicLoop>> found) {
        loops.match(name, found);
        return version;
    }

    /** How many subscriptions have patterns that a topic matches; one with several counts for each. */
    int count(Destination topic) {
        int[] sum = new int[1];
        if (!empty && topic.isShared()) {
            find(TopicName.split(topic.name()), loop -> sum[0] += loop.count());
        }
        return sum[0];
    }

    /**
     * Remembers a topic that a pattern alone has brought into being.
     *
     * @return the oldest of those, which is to go when there are too many; null: there are not
     */
    @Nullable
    Topic broughtUp(Topic topic) {
        synchronized (broughtUp) {
            broughtUp.add(topic);
            return broughtUp.size() > MAX_BROUGHT_UP ? broughtUp.remove() : null;
        }
    }

    /** Whether there is a subscription by a pattern that a topic matches. */
    boolean matches(Destination topic) {
        return count(topic) > 0;
    }

    /**
     * Counts the patterns of each shape: where {@code *} stands in them. A name meets each shape once, however many
     * patterns have it, but where any were allowed, patterns of 16 words would have it meet 2<sup>16</sup>. Those with
     * few {@code *} can't be many. An owner has a share of them, in which each of its own counts, also one that other
     * owners have: their order of leaving changes nothing.
     */
    private static final class Shapes {

        /** Patterns with more {@code *} than that are counted; those of 16 words without more have 137 shapes. */
        private static final int FEW = 2;

        private static final int MOST = 32;

        /** Of these, those of one owner: no client has all. */
        private static final int SHARE = 8;

        /** Patterns of each shape, by their owner. */
        private final Map<String, Map<String, Integer>> counts = new HashMap<>();

        /** Shapes of each owner. */
        private final Map<String, Integer> shares = new HashMap<>();

        void add(List<String> pattern, String owner) {
            String shape = shape(pattern);
            if (shape.isEmpty()) {
                return;
            }
            Map<String, Integer> owners = counts.get(shape);
            if (owners == null || !owners.containsKey(owner)) {
                check("the subscriptions of this user, or address,", shares.getOrDefault(owner, 0), SHARE);
                if (owners == null) {
                    check("the broker's subscriptions", counts.size(), MOST);
                }
                shares.merge(owner, 1, Integer::sum);
            }
            counts.computeIfAbsent(shape, s -> new HashMap<>(2)).merge(owner, 1, Integer::sum);
        }

        private static void check(String whose, int shapes, int most) {
            if (shapes >= most) {
                throw new ProtocolException(
                        "too many patterns",
                        Limits.exceeded(
                                        whose + " have %,d arrangements of three or more * among other words",
                                        shapes,
                                        most)
                                + ", and this pattern has a new one: write fewer *, or # for the rest",
                        CloseCode.OVERLOAD);
            }
        }

        void remove(List<String> pattern, String owner) {
            Map<String, Integer> owners = counts.get(shape(pattern));
            if (owners == null || owners.merge(owner, -1, Integer::sum) > 0) {
                return;
            }
            owners.remove(owner);
            shares.computeIfPresent(owner, (o, shapes) -> shapes == 1 ? null : shapes - 1);
            if (owners.isEmpty()) {
                counts.remove(shape(pattern));
            }
        }

        /** Such as {@code ..*.*.*}; empty: it is not counted. */
        private static String shape(List<String> pattern) {
            StringBuilder shape = new StringBuilder();
            int ones = 0;
            for (String word : pattern) {
                boolean isOne = TopicName.isOne(word);
                ones += isOne ? 1 : 0;
                shape.append(TopicName.separator(word)).append(isOne ? "*" : "");
            }
            return ones <= FEW ? "" : shape.toString();
        }
    }
}
