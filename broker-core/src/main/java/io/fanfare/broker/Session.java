package io.fanfare.broker;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.FrameDecoder;
import io.fanfare.frame.FrameEncoder;
import io.fanfare.frame.HeartBeat;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's STOMP conversation, from its first byte to its last: a state machine that a {@link Connection} feeds.
 * Owned by its event loop; no other thread may touch it.
 */
public final class Session {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final byte[] LINE_FEED = {'\n'};
    private static final byte[] NO_BODY = new byte[0];

    private enum State {
        /** Waits for CONNECT. */
        OPEN,
        CONNECTED,
        /** Nothing more is read; what was written is still on its way out. */
        CLOSING,
        CLOSED
    }

    private final Broker broker;
    private final LoopState state;
    private final Connection connection;
    private final FrameDecoder decoder;
    private final Outbox outbox = new Outbox();
    private final Deliveries deliveries = new Deliveries(this);
    private final Subscriptions subscriptions;
    private final Transactions transactions;
    private final HeartBeats heartBeats;
    private State phase = State.OPEN;
    private StompVersion version = StompVersion.V1_0;
    private @Nullable Timer loginTimer;
    private @Nullable Timer writeTimer;
    private boolean touched;

    /** Whether the socket was full at the last write and has not said since that it has room. */
    private boolean blocked;

    private long lastProgress;
    private long lastSent;
    private long lastReceived;

    Session(Broker broker, LoopState state, Connection connection) {
        this.broker = broker;
        this.state = state;
        this.connection = connection;
        BrokerOptions options = broker.options();
        this.decoder =
                new FrameDecoder(options.frameLimits().withMaxFrameBytes(options.maxFrameBytesBeforeConnected()));
        this.subscriptions = new Subscriptions(this, broker, state);
        this.transactions = new Transactions(options);
        this.heartBeats = new HeartBeats(this, state.loop());
    }

    void opened() {
        Duration timeout = broker.options().loginTimeout();
        loginTimer = state.loop()
                .schedule(
                        timeout,
                        () -> fail(
                                "login timeout",
                                "no CONNECT came within " + timeout.toMillis() + " ms (login_timeout)",
                                CloseCode.POLICY,
                                null));
        lastSent = state.loop().nanoTime();
        lastReceived = lastSent;
    }

    // ---- bytes in -------------------------------------------------------------------------------------------------

    /**
     * Takes bytes that came from the client, cut anywhere.
     *
     * @param bytes a buffer with an accessible array; used up during the call
     */
    public void receive(ByteBuffer bytes) {
        assert state.loop().isCurrent();
        alive();
        while (phase == State.OPEN || phase == State.CONNECTED) {
            Frame frame;
            try {
                frame = decoder.decode(bytes);
            } catch (ProtocolException e) {
                fail(e.summary(), e.detail(), e.closeCode(), e.receipt());
                return;
            }
            if (frame == null) {
                return;
            }
            try {
                handle(frame);
            } catch (ProtocolException e) {
                fail(e.summary(), e.detail(), e.closeCode(), frame.headers().get("receipt"));
            } catch (RuntimeException e) {
                LOG.error("bug while handling {} of {}", frame.command(), this, e);
                fail("internal error", "the broker failed; this is not your fault", CloseCode.INTERNAL_ERROR, null);
            }
        }
    }

    /** The peer has shown that it lives, by whatever bytes. */
    public void alive() {
        lastReceived = state.loop().nanoTime();
    }

    /** Ends the conversation because the transport found what came malformed; one ERROR tells why. */
    public void refuse(ProtocolException why) {
        fail(why.summary(), why.detail(), why.closeCode(), null);
    }

    private void handle(Frame frame) {
        if (phase == State.OPEN) {
            switch (frame.command()) {
                case CONNECT, STOMP -> connect(frame);
                default ->
                    throw new ProtocolException(
                            "not connected", "the first frame must be CONNECT or STOMP, not " + frame.command());
            }
            return;
        }
        switch (frame.command()) {
            case SEND -> send(frame);
            case SUBSCRIBE -> {
                subscriptions.subscribe(frame, version, connection.framing());
                receipt(frame);
            }
            case UNSUBSCRIBE -> {
                subscriptions.unsubscribe(frame, version);
                receipt(frame);
            }
            case ACK, NACK -> acknowledge(frame);
            case BEGIN -> {
                transactions.begin(required(frame, "transaction"));
                receipt(frame);
            }
            case COMMIT -> {
                transactions.commit(required(frame, "transaction"));
                receipt(frame);
            }
            case ABORT -> {
                transactions.abort(required(frame, "transaction"));
                receipt(frame);
            }
            case DISCONNECT -> {
                receipt(frame);
                close(CloseCode.NORMAL, "");
            }
            case CONNECT, STOMP ->
                throw new ProtocolException(
                        "already connected", "a connection has one " + frame.command() + ", and this one is connected");
            case CONNECTED, MESSAGE, RECEIPT, ERROR ->
                throw new ProtocolException(
                        "unexpected command", frame.command() + " frames come from brokers, not from clients");
        }
    }

    private void connect(Frame frame) {
        String accepted = frame.headers().find("accept-version").orElse("1.0");
        version = StompVersion.highestOf(accepted)
                .orElseThrow(() -> new ProtocolException(
                        "no common version",
                        "accept-version is " + Printable.of(accepted) + ", but this broker speaks "
                                + StompVersion.ALL));
        BrokerOptions options = broker.options();
        HeartBeat agreed = version == StompVersion.V1_0
                ? HeartBeat.NONE
                : options.heartBeat()
                        .negotiate(frame.headers()
                                .find("heart-beat")
                                .map(HeartBeat::parse)
                                .orElse(HeartBeat.NONE));
        phase = State.CONNECTED;
        cancel(loginTimer);
        decoder.version(version);
        decoder.limits(options.frameLimits());
        FrameEncoder encoder = state.frames().begin(Command.CONNECTED, version);
        encoder.header("version", version.toString());
        encoder.header("session", broker.newSessionId());
        if (!options.serverName().isEmpty()) {
            encoder.header("server", options.serverName());
        }
        if (version != StompVersion.V1_0) {
            encoder.header("heart-beat", options.heartBeat().toString());
        }
        sendHead(NO_BODY);
        heartBeats.start(agreed);
    }

    private void send(Frame frame) {
        Destination destination = Destination.parse(required(frame, "destination"), broker.options());
        Message message = Message.of(frame, System.currentTimeMillis());
        transactions.perform(
                frame.headers().get("transaction"), () -> broker.destinations().publish(destination, message));
        receipt(frame);
    }

    private void acknowledge(Frame frame) {
        Unsettled unsettled = deliveries.find(frame, version);
        boolean positive = frame.command() == Command.ACK;
        if (!positive && version == StompVersion.V1_0) {
            throw new ProtocolException("unknown command", "NACK came with STOMP 1.1; this connection speaks 1.0");
        }
        transactions.perform(frame.headers().get("transaction"), () -> {
            if (positive) {
                deliveries.ack(unsettled);
            } else {
                deliveries.nack(unsettled);
            }
        });
        receipt(frame);
    }

    /** RECEIPT after the effect: clients take it as "your message is in" (STOMP 1.2, RECEIPT). */
    private void receipt(Frame frame) {
        String receipt = frame.headers().get("receipt");
        if (receipt != null) {
            state.frames().begin(Command.RECEIPT, version).header("receipt-id", receipt);
            sendHead(NO_BODY);
        }
    }

    /**
     * The value of a header that must be there.
     *
     * @throws ProtocolException when it is not
     */
    static String required(Frame frame, String header) {
        String value = frame.headers().get(header);
        if (value == null) {
            throw new ProtocolException(
                    "missing " + header, "a " + frame.command() + " frame needs the header " + header);
        }
        return value;
    }

    // ---- bytes out ------------------------------------------------------------------------------------------------

    /** Ends the head that the loop's encoder holds and sends it with this body. */
    private void sendHead(byte[] body) {
        FrameEncoder encoder = state.frames();
        encoder.endHead();
        Chunk chunk =
                state.loop().buffer().frame(this, connection.framing(), true, encoder.array(), encoder.length(), body);
        append(chunk, chunk.lastFrame(), chunk.length());
    }

    void sendHeartBeat() {
        if (phase == State.CONNECTED && outbox.isEmpty()) {
            byte[] header = new byte[Framing.MAX_HEADER_BYTES];
            int length = connection.framing().writeHeader(header, 1, true);
            header[length] = LINE_FEED[0];
            sendRaw(header, length + 1);
        }
    }

    /** Sends bytes that are framed already, such as a Pong or a Close; in order with everything else. */
    public void sendRaw(byte[] bytes, int length) {
        if (phase != State.CLOSED) {
            Chunk chunk = state.loop().buffer().bytes(this, bytes, length);
            append(chunk, chunk.lastFrame(), chunk.length());
        }
    }

    /** Puts bytes behind all others on their way to the client; they leave at the end of the turn. */
    void append(Chunk chunk, int from, int to) {
        outbox.append(chunk, from, to);
        if (!touched) {
            touched = true;
            state.loop().touch(this);
        }
    }

    /** Writes what the socket takes. */
    void flush() {
        touched = false;
        if (phase == State.CLOSED) {
            outbox.clear();
            return;
        }
        if (!blocked) {
            long written = outbox.flush(connection, state.loop().buffer());
            if (written > 0) {
                lastSent = state.loop().nanoTime();
                lastProgress = lastSent;
            }
            if (outbox.isEmpty()) {
                deliveries.flushed();
                if (phase == State.CLOSING) {
                    connection.flushed();
                }
                return;
            }
            block();
        }
        outbox.keep();
        if (outbox.pendingBytes() > broker.options().maxOutboxBytes() && outbox.pieces() > 1) {
            tooSlow(String.format(
                    "%,d B wait for this connection, more than %,d (max_outbox_bytes)",
                    outbox.pendingBytes(), broker.options().maxOutboxBytes()));
        }
    }

    private void block() {
        blocked = true;
        connection.awaitWritable();
        if (writeTimer == null) {
            lastProgress = state.loop().nanoTime();
            expectProgress(broker.options().writeTimeout());
        }
    }

    private void expectProgress(Duration in) {
        Duration timeout = broker.options().writeTimeout();
        writeTimer = state.loop().schedule(in, () -> {
            writeTimer = null;
            if (outbox.isEmpty() || phase == State.CLOSED) {
                return;
            }
            Duration stalled = Duration.ofNanos(state.loop().nanoTime() - lastProgress);
            if (stalled.compareTo(timeout) >= 0) {
                LOG.warn("aborting {} reason=stalled pending={} B", this, outbox.pendingBytes());
                abort();
            } else {
                expectProgress(timeout.minus(stalled));
            }
        });
    }

    /** The socket has room again. */
    public void writable() {
        blocked = false;
        if (!touched && !outbox.isEmpty()) {
            touched = true;
            state.loop().touch(this);
        }
    }

    /** Whether everything sent so far has been given to the socket. */
    public boolean isFlushed() {
        return outbox.isEmpty();
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    /** The client can't keep up: it loses its backlog and its connection, and nobody else notices. */
    void tooSlow(String detail) {
        if (phase == State.CONNECTED) {
            outbox.dropBacklog();
            fail("too slow", detail, CloseCode.OVERLOAD, null);
        }
    }

    void heartBeatMissed(Duration silence) {
        fail("heart-beats missed", "nothing came for " + silence.toMillis() + " ms", CloseCode.HEART_BEAT_MISSED, null);
    }

    /** Sends one ERROR and closes (STOMP 1.2, ERROR); nothing that comes afterwards is looked at. */
    private void fail(String summary, String detail, CloseCode code, @Nullable String receipt) {
        if (phase == State.CLOSING || phase == State.CLOSED) {
            return;
        }
        LOG.info("refused {} reason={} code={} detail={}", this, summary, code.code(), detail);
        FrameEncoder encoder = state.frames().begin(Command.ERROR, version);
        byte[] body = detail.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        encoder.header("message", summary);
        if (phase == State.OPEN) {
            // STOMP 1.2, Protocol Negotiation: tell what would have been understood
            encoder.header("version", StompVersion.ALL);
        }
        if (receipt != null) {
            encoder.header("receipt-id", receipt);
        }
        encoder.header("content-type", "text/plain");
        encoder.header("content-length", body.length);
        sendHead(body);
        close(code, summary);
    }

    /** Says goodbye in the orderly way, after everything that was sent before; safe to call again. */
    public void close(CloseCode code, String reason) {
        if (phase == State.OPEN || phase == State.CONNECTED) {
            release();
            phase = State.CLOSING;
            connection.close(code, reason);
        }
    }

    /** Cuts the connection without a word. */
    void abort() {
        connection.abort();
    }

    /** The transport has lost or ended the connection. */
    public void closed() {
        if (phase != State.CLOSED) {
            if (phase != State.CLOSING) {
                release();
            }
            phase = State.CLOSED;
            cancel(writeTimer);
            outbox.clear();
            broker.closed(this);
        }
    }

    private void release() {
        cancel(loginTimer);
        heartBeats.stop();
        transactions.abortAll();
        subscriptions.endAll();
        deliveries.giveAllBack();
        subscriptions.collectAll();
    }

    private static void cancel(@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }

    LoopState state() {
        return state;
    }

    /** The loop that owns this session; the one thing of it that any thread may ask for. */
    public EventLoop loop() {
        return state.loop();
    }

    Deliveries deliveries() {
        return deliveries;
    }

    long lastSent() {
        return lastSent;
    }

    long lastReceived() {
        return lastReceived;
    }

    /** For logs. */
    @Override
    public String toString() {
        return "peer=" + connection.peer();
    }
}
