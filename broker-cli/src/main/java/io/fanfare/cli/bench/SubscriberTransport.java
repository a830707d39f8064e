package io.fanfare.cli.bench;

import java.util.Locale;

/** Transport of subscribers; publishers always come by WebSocket. */
enum SubscriberTransport {
    WEBSOCKET,
    /** By event stream, {@code GET /sse}. */
    SSE,
    /** Every second one by event stream. */
    MIXED;

    boolean isEventStream(int subscriber) {
        return this == SSE || (this == MIXED && subscriber % 2 == 1);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
