package io.fanfare.testkit.wire;

/** Transport over which a client of a test speaks STOMP. */
public enum Transport {
    WEBSOCKET,
    TCP
}
