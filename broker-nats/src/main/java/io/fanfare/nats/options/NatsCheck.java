package io.fanfare.nats.options;

/** Ranges of option values. */
final class NatsCheck {

    private NatsCheck() {}

    /** Throws an {@link IllegalArgumentException} with this sentence unless the condition holds. */
    static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
