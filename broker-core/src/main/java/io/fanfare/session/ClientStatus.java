package io.fanfare.session;

import io.fanfare.loop.Connection;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Outbox;
import io.fanfare.status.ConnectionStatus;
import io.fanfare.status.SessionStatus;
import io.fanfare.status.SubscriptionStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/** Status of a connected client, for operators. To be asked in the task of the session's loop that got it, and not later. */
public final class ClientStatus {

    /** What one session has seen of its connection so far, for operators. Owned by the session's loop. */
    static final class Vitals {

        private final EventLoop loop;
        private final InstantSource clock;
        private final Connection connection;
        private final Outbox outbox;
        private final HeartBeats heartBeats;
        private final long opened;
        private long bytesIn;

        Vitals(EventLoop loop, InstantSource clock, Connection connection, Outbox outbox, HeartBeats heartBeats) {
            this.loop = loop;
            this.clock = clock;
            this.connection = connection;
            this.outbox = outbox;
            this.heartBeats = heartBeats;
            this.opened = loop.nanoTime();
        }

        void received(int bytes) {
            assert loop.isCurrent();
            bytesIn += bytes;
        }

        ConnectionStatus status(Connected client) {
            return new ConnectionStatus(
                    client.id(),
                    client.user(),
                    connection.peer(),
                    client.version().toString(),
                    connection.framing().transport(),
                    connection.compression().isOn(),
                    Duration.ofNanos(loop.nanoTime() - opened),
                    client.subscriptions().count(),
                    outbox.appended() - outbox.written(),
                    client.framesIn(),
                    bytesIn,
                    outbox.written(),
                    heartBeats.overdue());
        }

        /** What any thread may ask of a client that is CONNECTED now. */
        Supplier<SessionStatus> session(Connected client) {
            Connection from = connection;
            Instant now = clock.instant();
            return () -> new SessionStatus(
                    client.id(),
                    client.user(),
                    client.clientId(),
                    from.peer(),
                    from.framing().transport(),
                    client.version().toString(),
                    now,
                    client.subscriptions().count());
        }
    }

    private final Connected client;
    private final Vitals vitals;

    ClientStatus(Connected client, Vitals vitals) {
        this.client = client;
        this.vitals = vitals;
    }

    public String id() {
        return client.id();
    }

    public ConnectionStatus connection() {
        return vitals.status(client);
    }

    /** How many subscriptions it has: {@link #subscriptions} takes as many steps. */
    public int subscriptionCount() {
        return client.subscriptions().count();
    }

    public List<SubscriptionStatus> subscriptions() {
        return client.subscriptions().status();
    }

    /** Whether it is subscribed to a topic. */
    public boolean hasTopicSubscriptions() {
        return client.subscriptions().hasTopics();
    }
}
