package io.fanfare.broker;

import java.util.TreeMap;

/** What a topic has published, as the model knows it. */
final class RetentionModelTopic {

    final String name;
    final boolean hasValues;

    /** How many messages its history has; 0: none. */
    final int history;

    /** The newest value of each key. */
    final TreeMap<String, String> values = new TreeMap<>();

    /** Messages that it has published. */
    long published;

    RetentionModelTopic(String name, boolean hasValues, int history) {
        this.name = name;
        this.hasValues = hasValues;
        this.history = history;
    }

    void put(String key, String value) {
        published++;
        if (hasValues) {
            values.put(key, value);
        }
    }

    void remove(String key) {
        published++;
        values.remove(key);
    }

    /** Whether everything behind a sequence can be given. */
    boolean hasAllBehind(long first, long sequence) {
        long last = first + published;
        return sequence == last || (history > 0 && sequence >= last - Math.min(published, history));
    }
}
