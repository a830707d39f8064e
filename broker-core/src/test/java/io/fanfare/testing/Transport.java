package io.fanfare.testing;

/** What a client's STOMP travels on. */
public enum Transport {
    WEBSOCKET,
    TCP
}
