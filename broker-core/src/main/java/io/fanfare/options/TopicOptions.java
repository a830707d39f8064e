package io.fanfare.options;

import java.time.Duration;
import java.util.List;

/**
 * Options of topics: what they keep for subscribers that come later, how much all of them may, and what they tell of
 * presence. Each component is described at its method of {@link Builder}.
 */
public record TopicOptions(
        List<TopicRule> rules,
        int maxRetainedKeys,
        long maxRetainedBytes,
        int maxRetainedKeyBytes,
        long maxHistoryBytes,
        MergePatch mergePatch,
        Duration presenceGrace,
        int maxPresenceMembers) {

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
        Check.notNegative("presence_grace", presenceGrace);
        Check.positive("max_presence_members", maxPresenceMembers);
        rules = List.copyOf(rules);
    }

    /** A builder, with the defaults that its methods name. */
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

        private MergePatch mergePatch = MergePatch.NONE;
        private Duration presenceGrace = Duration.ofSeconds(5);
        private int maxPresenceMembers = 10_000;

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

        /**
         * Finds the differences that subscriptions with {@code delta:merge-patch} get; by default there are none, and these get
         * whole values. {@code io.fanfare.admin.JsonMergePatch} does it with Jackson.
         */
        public Builder mergePatch(MergePatch value) {
            mergePatch = value;
            return this;
        }

        /**
         * How long a session whose connection was lost stays present, so that a client which comes back neither leaves nor
         * joins; 5 s. A client is known again by its user and {@code client-id}, as far as it has them; one with neither does
         * not stay. 0: none does.
         */
        public Builder presenceGrace(Duration value) {
            presenceGrace = value;
            return this;
        }

        /**
         * Sessions of one topic that are listed for a new subscriber of its presence; 10,000. Beyond it such a SUBSCRIBE gets
         * an ERROR, unless it asks for their number alone.
         */
        public Builder maxPresenceMembers(int value) {
            maxPresenceMembers = value;
            return this;
        }

        /**
         * What was set, and the defaults of the rest.
         *
         * @throws IllegalArgumentException when a value is out of its range; the message names its key
         */
        public TopicOptions build() {
            return new TopicOptions(
                    rules,
                    maxRetainedKeys,
                    maxRetainedBytes,
                    maxRetainedKeyBytes,
                    maxHistoryBytes,
                    mergePatch,
                    presenceGrace,
                    maxPresenceMembers);
        }
    }
}
