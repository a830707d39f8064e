package io.fanfare.broker;

/** A listener that has been added to a {@link Broker}. */
@FunctionalInterface
public interface ListenerRegistration extends AutoCloseable {

    /** Has the listener told of nothing that begins to happen from now on. Does nothing the second time. */
    @Override
    void close();
}
