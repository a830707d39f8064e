package io.fanfare.options;

import java.util.List;

/**
 * What topics keep for subscribers that come later, and how much all of them may. Each component is described at its method
 * of {@link Builder}.
 */
public record TopicOptions(
        List<TopicRule> rules,
        int maxRetainedKeys,
        long maxRetainedBytes,
        int maxRetainedKeyBytes,
        long maxHistoryBytes) {

    public static final TopicOptions DEFAULT = new Builder().build();

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of its range; the message names its key
     */
    public TopicOptions {
        Check.notNegative("max_retained_keys", maxRetainedKeys);
        Check.positive("max_retained_bytes", maxRetainedBytes);
        Check.positive("max_retained_key_bytes", maxRetainedKeyBytes);
        Check.positive("max_history_bytes", maxHistoryBytes);
        rules = List.copyOf(rules);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects values; each has its default until it is set. */
    public static final class Builder {
        private List<TopicRule> rules = List.of();
        private int maxRetainedKeys = 100_000;
        private long maxRetainedBytes = Math.max(1, Runtime.getRuntime().maxMemory() / 8);
        private int maxRetainedKeyBytes = 255;
        private long maxHistoryBytes = Math.max(1, Runtime.getRuntime().maxMemory() / 8);

        private Builder() {}

        /** What topics keep, by pattern; none. Of several rules that match a topic the first counts. */
        public Builder rules(List<TopicRule> value) {
            rules = List.copyOf(value);
            return this;
        }

        /**
         * Last values of all topics together; 100,000. A SEND whose message would be one more gets an ERROR; 0: no topic keeps
         * any.
         */
        public Builder maxRetainedKeys(int value) {
            maxRetainedKeys = value;
            return this;
        }

        /**
         * Bytes of the last values of all topics together; an eighth of the heap. A SEND whose message would be kept beyond it
         * gets an ERROR.
         */
        public Builder maxRetainedBytes(long value) {
            maxRetainedBytes = value;
            return this;
        }

        /** Bytes of a key in UTF-8; 255. A SEND with a longer one gets an ERROR. */
        public Builder maxRetainedKeyBytes(int value) {
            maxRetainedKeyBytes = value;
            return this;
        }

        /**
         * Bytes of the histories of all topics together; an eighth of the heap. Beyond it a topic that keeps one message more
         * lets go of its own oldest ones.
         */
        public Builder maxHistoryBytes(long value) {
            maxHistoryBytes = value;
            return this;
        }

        public TopicOptions build() {
            return new TopicOptions(rules, maxRetainedKeys, maxRetainedBytes, maxRetainedKeyBytes, maxHistoryBytes);
        }
    }
}
