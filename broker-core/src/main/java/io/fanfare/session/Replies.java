package io.fanfare.session;

import io.fanfare.frame.Command;
import io.fanfare.frame.FrameEncoder;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.Connection;
import io.fanfare.loop.Framing;
import io.fanfare.loop.Outbox;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Encoding;
import io.fanfare.message.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The frames that a session sends of its own: CONNECTED, RECEIPT, ERROR, heart-beats. Owned by the session's loop. */
final class Replies {

    private static final byte[] NO_BODY = new byte[0];

    /** With the charset, also because stompit 1.0 crashes on a bare {@code text/plain}. */
    private static final String CONTENT_TYPE = "text/plain;charset=utf-8";

    /** The subscription on which refusals arrive that do not end the connection. */
    private static final String SOFT_ERRORS = "$error";

    private final BrokerLoop loop;
    private final Outbox outbox;
    private final Connection connection;
    private final SessionServices.Options options;
    private long softErrors;

    Replies(BrokerLoop loop, Outbox outbox, Connection connection, SessionServices.Options options) {
        this.loop = loop;
        this.outbox = outbox;
        this.connection = connection;
        this.options = options;
    }

    /**
     * Sends CONNECTED.
     *
     * @param requestId ActiveMQ: what CONNECT calls itself, for a client that waits for the answer to it; null: nothing
     * @param lasts how long the session lasts; null: as long as the connection
     */
    void connected(
            StompVersion version,
            String sessionId,
            @Nullable String requestId,
            boolean softErrors,
            @Nullable Duration lasts) {
        FrameEncoder encoder = begin(Command.CONNECTED, version)
                .header("version", version.toString())
                .header("session", sessionId);
        if (requestId != null) {
            encoder.header("response-id", requestId);
        }
        if (!options.serverName().isEmpty()) {
            encoder.header("server", options.serverName());
        }
        if (version != StompVersion.V1_0) {
            encoder.header("heart-beat", options.heartBeat().heartBeat().toString());
        }
        if (softErrors) {
            encoder.header("soft-errors", "true");
        }
        if (lasts != null) {
            encoder.header("session-expires", lasts.toMillis());
        }
        if (!connection.framing().isTold()) {
            send(NO_BODY);
        }
    }

    /** Sends the RECEIPT of new credentials. */
    void renewed(StompVersion version, String id, @Nullable Duration lasts) {
        FrameEncoder encoder = begin(Command.RECEIPT, version).header("receipt-id", id);
        if (lasts != null) {
            encoder.header("session-expires", lasts.toMillis());
        }
        send(NO_BODY);
    }

    /**
     * Sends a RECEIPT.
     *
     * @param outcome what became of a SEND; null for other frames
     */
    void receipt(StompVersion version, String id, @Nullable Outcome outcome) {
        FrameEncoder encoder = begin(Command.RECEIPT, version).header("receipt-id", id);
        if (outcome != null) {
            encoder.header("matched", outcome.matched())
                    .header("delivered", outcome.delivered())
                    .header("queued", outcome.queued())
                    .header("dropped", outcome.dropped());
            if (outcome.duplicate()) {
                encoder.header("duplicate", "true");
            }
            if (outcome.nodes() > 0) {
                encoder.header("nodes", outcome.nodes());
            }
        }
        send(NO_BODY);
    }

    /**
     * Sends the RECEIPT of a SUBSCRIBE.
     *
     * @param where headers that say where the subscription begins in what its topic keeps
     */
    void subscribed(StompVersion version, String id, Headers where) {
        if (connection.framing().isTold()) {
            connection.confirmed(where);
            return;
        }
        begin(Command.RECEIPT, version).header("receipt-id", id).headers(where);
        send(NO_BODY);
    }

    /**
     * Sends an ERROR.
     *
     * @param version the connection's; before it has one, 1.0, with a header that lists what there is
     */
    void error(StompVersion version, boolean connected, ProtocolException why, @Nullable String receipt) {
        if (connection.framing().isTold()) {
            connection.refused(why);
            return;
        }
        FrameEncoder encoder = begin(Command.ERROR, version).header("message", why.summary());
        if (!connected) {
            // STOMP 1.2, Protocol Negotiation: tell what would have been understood
            encoder.header("version", StompVersion.ALL);
        }
        if (receipt != null) {
            encoder.header("receipt-id", receipt);
        }
        byte[] body = why.detail().getBytes(StandardCharsets.UTF_8);
        encoder.header("content-type", CONTENT_TYPE).header("content-length", body.length);
        send(body);
    }

    /**
     * Sends what the client is told of without losing its connection, as it was negotiated.
     *
     * @param about headers that say what it is about
     */
    void softError(StompVersion version, ProtocolException why, Headers about) {
        FrameEncoder encoder = begin(Command.MESSAGE, version)
                .header("subscription", SOFT_ERRORS)
                .header("message-id", "error-" + ++softErrors + "-0")
                .header("destination", "/broker/errors")
                .header("error-code", why.summary().replace(' ', '-'))
                .headers(about)
                .header("message", why.summary());
        byte[] body = why.detail().getBytes(StandardCharsets.UTF_8);
        encoder.header("content-type", CONTENT_TYPE).header("content-length", body.length);
        send(body);
    }

    /** Sends the MESSAGE that ends a browse. */
    void browserEnd(Encoding encoding, String destination) {
        end(encoding, "browser-end", Headers.of("destination", destination, "browser", "end"));
    }

    /** Sends the MESSAGE that ends last values where no value can tell it. */
    void snapshotEnd(Encoding encoding, String destination) {
        end(encoding, "snapshot-end", Headers.of("destination", destination, "retained", "true", "snapshot", "end"));
    }

    /** Sends the MESSAGE that tells that no session is present. */
    void presenceEnd(Encoding encoding, String destination) {
        end(encoding, "presence-end", Headers.of("destination", destination, "snapshot", "end"));
    }

    private void end(Encoding encoding, String messageId, Headers headers) {
        FrameEncoder encoder = begin(Command.MESSAGE, encoding.version());
        if (encoding.subscription() != null) {
            encoder.header("subscription", encoding.subscription());
        }
        if (connection.framing() == Framing.EVENTS) {
            encoder.headers(headers).endHead();
            outbox.send(loop.messages().event(outbox, encoder.array()));
        } else {
            encoder.header("message-id", messageId).headers(headers);
            send(NO_BODY);
        }
    }

    void heartBeat() {
        byte[] bytes = connection.framing().heartBeat();
        outbox.sendRaw(bytes, bytes.length);
    }

    private FrameEncoder begin(Command command, StompVersion version) {
        outbox.loop().counts().sent(command);
        return loop.frames().begin(command, version);
    }

    private void send(byte[] body) {
        assert loop.isCurrent();
        FrameEncoder encoder = loop.frames();
        encoder.endHead();
        if (connection.framing() == Framing.EVENTS) {
            // such a client asked for nothing else that is answered
            return;
        }
        outbox.send(loop.loop()
                .buffer()
                .frame(outbox, connection.framing(), true, encoder.array(), encoder.length(), body));
    }
}
