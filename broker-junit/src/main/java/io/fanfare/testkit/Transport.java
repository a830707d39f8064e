package io.fanfare.testkit;

/** What a {@link TestConnection} speaks STOMP over. */
public enum Transport {
    WEBSOCKET,
    TCP
}
