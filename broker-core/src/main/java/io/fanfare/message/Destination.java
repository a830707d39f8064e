package io.fanfare.message;

import org.jspecify.annotations.Nullable;

/**
 * A place where messages go to or come from.
 *
 * @param kind what happens to messages there
 * @param owner the user or connection that it belongs to; null: all clients share it
 * @param name the name behind the prefix, such as {@code prices.acme} of {@code /topic/prices.acme}
 */
public record Destination(Kind kind, @Nullable Owner owner, String name) {

    public enum Kind {
        /** Every subscriber gets every message. */
        TOPIC,
        /** Several topics, named by a pattern; for subscriptions alone. */
        PATTERN,
        /** Each message goes to one consumer, and is kept until it is settled. */
        QUEUE
    }

    /** What a private destination belongs to. */
    public sealed interface Owner {}

    /**
     * A user, and all connections of that user: {@code /user/...}.
     *
     * @param name the user's name; the session's id for a connection without a user
     */
    public record User(String name) implements Owner {}

    /**
     * One connection: {@code /temp-queue/...}, {@code /temp-topic/...}.
     *
     * @param session the session's id
     */
    public record Connection(String session) implements Owner {}

    /** The broker itself: {@code /stats/...}. */
    public record Statistics() implements Owner {}

    /** The broker, which tells what sessions are subscribed to the topic of that name: {@code /presence/topic/...}. */
    public record Presence() implements Owner {}

    public static Destination topic(String name) {
        return new Destination(Kind.TOPIC, null, name);
    }

    public static Destination pattern(String name) {
        return new Destination(Kind.PATTERN, null, name);
    }

    public static Destination queue(String name) {
        return new Destination(Kind.QUEUE, null, name);
    }

    /** What the broker tells of itself under {@code /stats/}. */
    public static Destination statistics(String name) {
        return new Destination(Kind.TOPIC, new Statistics(), name);
    }

    /**
     * The presence of a topic that all clients share.
     *
     * @param name the topic's
     */
    public static Destination presence(String name) {
        return new Destination(Kind.TOPIC, new Presence(), name);
    }

    /** Whether the broker tells there which sessions are subscribed to a topic. */
    public boolean isPresence() {
        return owner instanceof Presence;
    }

    /** Whether the broker alone publishes there, what it tells of itself. */
    public boolean isStatistics() {
        return owner instanceof Statistics;
    }

    /** Whether all clients share it: patterns match shared topics alone. */
    public boolean isShared() {
        return owner == null;
    }

    /** The id of the session that a temporary destination belongs to; null for all others. */
    public @Nullable String temporaryOwner() {
        return owner instanceof Connection connection ? connection.session() : null;
    }
}
