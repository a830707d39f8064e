package io.fanfare.interop;

import java.util.Map;

/**
 * One connection of somebody else's client, which does what it is told and reports what it sees. Headers go where the
 * client's API takes them; a {@code receipt} among them becomes a {@link Event.Kind#RECEIPT}.
 */
interface Peer extends AutoCloseable {

    Map<String, String> NO_HEADERS = Map.of();

    /**
     * Connects and offers exactly one version.
     *
     * @param port of 127.0.0.1
     * @param heartBeatMillis asked for in both directions; 0: none
     */
    void connect(int port, String version, int heartBeatMillis);

    void send(String destination, byte[] body, Map<String, String> headers);

    void subscribe(String id, String destination, Map<String, String> headers);

    void unsubscribe(String id, Map<String, String> headers);

    void ack(Event message, Map<String, String> headers);

    void nack(Event message, Map<String, String> headers);

    void begin(String transaction, Map<String, String> headers);

    void commit(String transaction, Map<String, String> headers);

    void abort(String transaction, Map<String, String> headers);

    /** Says goodbye; {@link Event.Kind#DISCONNECTED} follows. */
    void disconnect();

    Events events();

    /** Lets go of the connection, in whatever way is at hand. */
    @Override
    void close();
}
