package io.fanfare.nats.internal.connect;

/** Events of {@link Connections}. Called by threads of jnats, which must not be kept waiting. */
public interface ConnectionEvents {

    /** For those that need none. */
    ConnectionEvents NONE = new ConnectionEvents() {};

    /** A connection is there again, with all its subscriptions. */
    default void reconnected(Purpose purpose) {}

    /** A connection has no server; it looks for one, for ever. */
    default void disconnected(Purpose purpose) {}

    /** A connection is closed for good, since the servers do not let it in any more. */
    default void closed(Purpose purpose) {}

    /** Messages were left out because a subscription of this node did not take them in time. */
    default void dropped(Purpose purpose) {}
}
