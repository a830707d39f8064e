package io.fanfare.broker;

import io.fanfare.testing.HandLoop;
import io.fanfare.testing.Received;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A subscription to topics as the model knows it: what it should see, and what it may miss. */
final class TopicModelSubscription {

    /** What a SUBSCRIBE asks for. */
    enum Policy {
        NONE("", false, false),
        DROP_OLDEST("overflow:drop-oldest\n", false, true),
        DROP_NEWEST("overflow:drop-newest\n", false, false),
        CONFLATE("overflow:conflate\n", false, true),
        CONFLATE_KEY("conflate:key\n", false, true),
        PACED("max-rate:2\n", true, true),
        PACED_KEY("max-rate:2\nconflate:key\n", true, true);

        final String headers;
        final boolean isPaced;

        /** Whether the newest comes whatever else is left out. */
        final boolean endsWithNewest;

        Policy(String headers, boolean isPaced, boolean endsWithNewest) {
            this.headers = headers;
            this.isPaced = isPaced;
            this.endsWithNewest = endsWithNewest;
        }
    }

    private static final long INTERVAL_MILLIS = 500;

    /** What each kind of SUBSCRIBE counts. */
    private static final Map<String, Long> BYTES = new HashMap<>();

    final int number;
    final String id;
    final List<String> targets;
    final Policy policy;
    boolean active = true;

    /** Messages of each topic that are for it, by number. */
    private final Map<String, ArrayList<Integer>> due = new HashMap<>();

    /** All of them in order; for a subscription that gets everything. */
    private final ArrayDeque<String> expected = new ArrayDeque<>();

    private final Map<String, Integer> newest = new HashMap<>();
    private final Map<String, Integer> lastSeen = new HashMap<>();
    private final Map<String, Integer> newestSeen = new HashMap<>();
    private final Map<String, Integer> seenSinceLook = new HashMap<>();
    private long lastLook;
    private long dueCount;
    private long represented;

    TopicModelSubscription(int number, String id, List<String> targets, Policy policy, long now) {
        this.number = number;
        this.id = id;
        this.targets = targets;
        this.policy = policy;
        this.lastLook = now;
    }

    /** The SUBSCRIBE, without its end. */
    String subscribe() {
        return "SUBSCRIBE\nid:" + id + "\ndestination:" + String.join(",", targets) + "\n" + policy.headers;
    }

    /** What it counts itself, beside what waits for it: as much as on a broker where it is the only one. */
    long bytes() {
        return BYTES.computeIfAbsent(subscribe(), subscribe -> {
            Broker alone = new Broker();
            new BareClient(alone, new HandLoop()).sends(subscribe + "\n\0");
            return alone.memoryBytes();
        });
    }

    /** Whether a topic's messages are for it; each comes once, however many of the parts match. */
    private boolean matches(String topic) {
        return targets.stream().anyMatch(target -> ModelSubscription.matches(target, topic));
    }

    void published(String topic, int message, int key) {
        if (!active || !matches(topic)) {
            return;
        }
        due.computeIfAbsent(topic, t -> new ArrayList<>()).add(message);
        dueCount++;
        newest.put(kind(topic, key), message);
        expected.add(topic + " " + message);
    }

    /** Messages of one kind replace each other. */
    private String kind(String topic, int key) {
        return switch (policy) {
            case CONFLATE_KEY, PACED_KEY -> topic + " " + key;
            default -> topic;
        };
    }

    void saw(Received received) {
        String topic = received.header("destination");
        int message = Integer.parseInt(received.text());
        check(due.getOrDefault(topic, new ArrayList<>()).contains(message), "was not for it", received);
        int last = lastSeen.getOrDefault(topic, 0);
        check(message > last, "comes after " + last, received);
        lastSeen.put(topic, message);
        newestSeen.put(kind(topic, Integer.parseInt(received.header("key"))), message);
        seenSinceLook.merge(topic, 1, Integer::sum);
        represented += 1 + count(received, "dropped") + count(received, "conflated");
        check(represented <= dueCount, "stands for more than there was", received);
        if (policy == Policy.NONE) {
            check((topic + " " + message).equals(expected.poll()), "is not the next one", received);
        }
    }

    private static long count(Received received, String header) {
        return received.has(header) ? Long.parseLong(received.header(header)) : 0;
    }

    /** The client has looked at all that came until now; it was reading all the time. */
    void checkRate(long now) {
        long most = 2 + (now - lastLook) / INTERVAL_MILLIS;
        seenSinceLook.forEach((topic, count) ->
                check(!policy.isPaced || count <= most, count + " of " + topic + " came at once", this));
        resetRate(now);
    }

    void resetRate(long now) {
        seenSinceLook.clear();
        lastLook = now;
    }

    /**
     * Nothing is on its way any more.
     *
     * @param roomy whether nothing was left out for want of room: a client's subscriptions share it, so that one may have
     *     used up what another one needs, which is told with its next message
     * @param alone whether no other client's subscription shares what is held back for it
     */
    void sawAll(boolean roomy, boolean alone) {
        if (!active) {
            return;
        }
        if (policy == Policy.NONE) {
            check(expected.isEmpty(), "did not get " + expected, this);
        }
        if (!policy.endsWithNewest || !roomy) {
            return;
        }
        check(newest.equals(newestSeen), "ends with " + newestSeen + ", not with " + newest, this);
        if (alone || !policy.isPaced) {
            check(represented == dueCount, "knows of " + represented + " messages of " + dueCount, this);
        }
    }

    private void check(boolean holds, String otherwise, Object what) {
        if (!holds) {
            throw new AssertionError(this + ": " + what + " " + otherwise);
        }
    }

    @Override
    public String toString() {
        return "subscription " + number + " (" + id + ", " + policy + ", " + targets + ")";
    }
}
