package io.fanfare.broker;

import io.fanfare.testing.Received;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A subscription and what its client holds, who applies all it gets and outlives its connections. */
final class RetentionModelViewer {

    /** What a SUBSCRIBE asks for. */
    enum Wish {
        ALL(""),
        PATCHES("delta:merge-patch\n"),
        CONFLATED("overflow:conflate\nconflate:k\n"),
        CONFLATED_PATCHES("overflow:conflate\nconflate:k\ndelta:merge-patch\n"),
        PACED("max-rate:20\nconflate:k\n"),
        PACED_PATCHES("max-rate:20\nconflate:k\ndelta:merge-patch\n");

        final String headers;

        Wish(String headers) {
            this.headers = headers;
        }

        /** Whether no message may be left out. */
        boolean isAll() {
            return this == ALL || this == PATCHES;
        }
    }

    final List<RetentionModelTopic> topics;
    final String destination;
    final Wish wish;
    final Map<String, TreeMap<String, String>> held = new HashMap<>();

    /** The last sequence of each topic that it has seen. */
    private final Map<String, Long> last = new HashMap<>();

    /** Where it would resume; null: it has no cursor. */
    @Nullable
    String epoch;

    /** Whether messages of the current subscription come that were not asked for by a cursor: their numbers may begin anywhere. */
    private boolean isFresh = true;

    RetentionModelViewer(List<RetentionModelTopic> topics, String destination, Wish wish) {
        this.topics = topics;
        this.destination = destination;
        this.wish = wish;
    }

    boolean isResumable() {
        return topics.size() == 1 && epoch != null;
    }

    long cursor() {
        return last.getOrDefault(topics.get(0).name, 0L);
    }

    /** The RECEIPT of its SUBSCRIBE. */
    void subscribed(Received receipt, boolean resumed) {
        boolean recovered = resumed && receipt.header("recovered").equals("true");
        isFresh = !recovered;
        if (!recovered) {
            held.clear();
            last.clear();
        }
        if (topics.size() == 1) {
            epoch = receipt.header("epoch");
            if (!recovered) {
                // the values and messages that come behind it bring it up to this
                last.put(topics.get(0).name, 0L);
            }
        }
    }

    /** A message of its subscription. */
    void saw(Received message) {
        if (message.header("message-id").equals("snapshot-end")) {
            // the last of the values that the RECEIPT told of has been removed meanwhile
            return;
        }
        String topic = message.header("destination");
        long sequence = Long.parseLong(message.header("seq"));
        boolean isValue = message.has("retained");
        long before = last.getOrDefault(topic, 0L);
        if (!isValue) {
            check(message, topic, before, sequence);
        }
        last.put(topic, Math.max(before, sequence));
        TreeMap<String, String> values = held.computeIfAbsent(topic, t -> new TreeMap<>());
        String key = message.header("k");
        if ("remove".equals(message.find("retain"))) {
            values.remove(key);
        } else if (message.has("delta")) {
            if (!values.containsKey(key)) {
                throw new AssertionError("a patch without a value: " + message);
            }
            values.merge(key, message.text(), Beginnings::apply);
        } else {
            values.put(key, message.text());
        }
    }

    private void check(Received message, String topic, long before, long sequence) {
        if (sequence <= before) {
            throw new AssertionError(destination + ": behind " + before + " of " + topic + " came " + message);
        }
        boolean isNext = sequence == before + 1 || (isFresh && before == 0);
        boolean mayMiss = !wish.isAll() || message.has("dropped");
        if (!isNext && !mayMiss && !isFresh) {
            throw new AssertionError(destination + ": after " + before + " of " + topic + " came " + message);
        }
    }

    /** Everything has come: what it holds is what there is. */
    void compare() {
        for (RetentionModelTopic topic : topics) {
            TreeMap<String, String> values = held.getOrDefault(topic.name, new TreeMap<>());
            if (topic.hasValues && !values.equals(topic.values)) {
                throw new AssertionError(destination + " " + wish + " holds " + values + " of " + topic.name
                        + " in place of " + topic.values);
            }
        }
    }
}
