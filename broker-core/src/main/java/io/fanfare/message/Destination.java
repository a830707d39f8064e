package io.fanfare.message;

import org.jspecify.annotations.Nullable;

/**
 * One place where messages go to or come from.
 *
 * @param kind what happens to messages there
 * @param key what it is called inside: the name behind the prefix for what everybody shares; something no client can
 *     spell for what belongs to a user or a connection
 * @param shown what {@code destination} of a MESSAGE says; null: what the SEND said
 */
public record Destination(Kind kind, String key, @Nullable String shown) {

    public enum Kind {
        /** Every subscriber gets every message. */
        TOPIC,
        /** Several topics, named by a pattern; for subscriptions alone. */
        PATTERN,
        /** Each message goes to one consumer, and is kept until it is settled. */
        QUEUE
    }

    public static Destination topic(String name) {
        return new Destination(Kind.TOPIC, name, null);
    }

    public static Destination pattern(String name) {
        return new Destination(Kind.PATTERN, name, null);
    }

    public static Destination queue(String name) {
        return new Destination(Kind.QUEUE, name, null);
    }
}
