package io.fanfare.endpoint;

/** A running WebSocket container with one endpoint at {@code /ws}, on the loopback address. */
interface Container extends AutoCloseable {

    int port();

    /** Stops it, as at the end of an application. */
    @Override
    void close() throws Exception;
}
