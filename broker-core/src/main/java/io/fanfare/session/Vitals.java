package io.fanfare.session;

import io.fanfare.loop.Connection;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Outbox;
import io.fanfare.status.ConnectionStatus;
import java.time.Duration;

/** What one session has seen of its connection so far, for operators. Owned by the session's loop. */
final class Vitals {

    private final EventLoop loop;
    private final Connection connection;
    private final Outbox outbox;
    private final HeartBeats heartBeats;
    private final long opened;
    private long bytesIn;

    Vitals(EventLoop loop, Connection connection, Outbox outbox, HeartBeats heartBeats) {
        this.loop = loop;
        this.connection = connection;
        this.outbox = outbox;
        this.heartBeats = heartBeats;
        this.opened = loop.nanoTime();
    }

    void received(int bytes) {
        bytesIn += bytes;
    }

    ConnectionStatus status(Connected client) {
        return new ConnectionStatus(
                client.id(),
                client.user(),
                connection.peer(),
                client.version().toString(),
                connection.framing().isWebSocket() ? "websocket" : "tcp",
                Duration.ofNanos(loop.nanoTime() - opened),
                client.subscriptions().count(),
                outbox.appended() - outbox.written(),
                client.framesIn(),
                bytesIn,
                outbox.written(),
                heartBeats.overdue());
    }
}
