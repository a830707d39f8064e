package io.fanfare.server;

/** What a client's STOMP travels on. */
public enum Transport {
    WEBSOCKET,
    TCP
}
