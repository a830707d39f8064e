package io.fanfare.nats.internal.queue;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.api.ServerInfo;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Holder of the connection to NATS; empty until it is open. Any thread may call, but for {@link #call} and {@link #look}, which are the worker's. */
final class Link {

    private final Worker worker;
    private volatile @Nullable Connection connection;

    /** The worker's. */
    private @Nullable Calls calls;

    Link(Worker worker) {
        this.worker = worker;
    }

    /** There is one, in place of the one before. */
    void connected(Connection now) {
        connection = now;
        worker.execute(() -> {
            Calls before = calls;
            if (before != null) {
                before.fail();
            }
            try {
                calls = new Calls(now, worker);
            } catch (IllegalStateException e) {
                // it has ended by now, and another one follows
                calls = null;
            }
        });
    }

    /** Whether there has been one. */
    boolean isKnown() {
        return connection != null;
    }

    /**
     * The connection.
     *
     * @throws IOException when there has been none yet
     */
    Connection connection() throws IOException {
        Connection now = connection;
        if (now == null) {
            throw new IOException("there is no connection to NATS yet");
        }
        return now;
    }

    /** Whether a server has the connection just now, as far as this end knows. */
    boolean isUp() {
        Connection now = connection;
        return now != null && now.getStatus() == Connection.Status.CONNECTED;
    }

    /** Bytes that a message may have, its headers included; as many as there are without a connection. */
    long maxPayload() {
        Connection now = connection;
        return now == null ? Long.MAX_VALUE : now.getMaxPayload();
    }

    /** The server that has the connection, or had it last; null: there has been no connection. */
    @Nullable
    ServerInfo server() {
        Connection now = connection;
        return now == null ? null : now.getServerInfo();
    }

    /** The server's own id, another one after each start; empty without a connection. */
    String serverId() {
        ServerInfo now = server();
        return now == null ? "" : String.valueOf(now.getServerId());
    }

    /** Sends without an answer; what can't be sent is lost, as it may be on its way. */
    void publish(String subject, @Nullable String replyTo, byte[] data) {
        Connection now = connection;
        if (now != null) {
            try {
                now.publish(subject, replyTo, data);
            } catch (IllegalStateException e) {
                // closed, or without a server for a long time
                return;
            }
        }
    }

    /** Sends one of many requests; without an answer in time, which is looked at a few times a second, gives null. */
    void call(String subject, byte[] data, Duration atMost, Consumer<@Nullable Message> then) {
        if (calls == null) {
            worker.execute(() -> then.accept(null));
        } else {
            calls.send(subject, null, data, atMost, then);
        }
    }

    /** Ends calls that have had no answer in time. */
    void look(long now) {
        if (calls != null) {
            calls.look(now);
        }
    }

    /** Sends a request; fails when there is no answer in time. */
    CompletableFuture<Message> request(String subject, byte[] data, Duration atMost) {
        Message message = NatsMessage.builder().subject(subject).data(data).build();
        try {
            // jnats looks for requests without an answer every few seconds only
            return connection()
                    .requestWithTimeout(message, atMost)
                    .copy()
                    .orTimeout(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (IOException | IllegalStateException e) {
            // without a server for so long that no more is kept for it
            return CompletableFuture.failedFuture(e);
        }
    }
}
