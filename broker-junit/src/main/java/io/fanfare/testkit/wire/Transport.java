package io.fanfare.testkit.wire;

/** What a client of a test speaks STOMP over. */
public enum Transport {
    WEBSOCKET,
    TCP
}
