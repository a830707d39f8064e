package io.fanfare.server.internal.websocket;

import io.fanfare.compression.Compression;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Framing;
import io.fanfare.security.Handshake;
import io.fanfare.server.internal.net.CloseState;
import io.fanfare.server.internal.net.SelectorLoop;
import io.fanfare.server.internal.net.SessionOpener;
import io.fanfare.server.internal.net.SocketConnection;
import jakarta.websocket.CloseReason;
import java.nio.ByteBuffer;
import java.util.Map;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.glassfish.tyrus.core.CloseReasons;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client that speaks STOMP in WebSocket messages. Owned by its loop. */
final class WebSocketConnection extends SocketConnection implements FrameListener {

    private static final Logger LOG = LoggerFactory.getLogger(WebSocketConnection.class);

    private static final byte[] PING = {(byte) 0x89, 0};

    private static final byte PONG = (byte) 0x8A;

    private final MessageReader reader;
    private final Compression compression;
    private final StompContainer container;

    /**
     * Tyrus's half of the connection, which takes 2 KB; null until a fragment comes: most connections never have one.
     */
    private org.glassfish.tyrus.spi.@Nullable Connection tyrus;

    /** What the client's first message was; null before. */
    private @Nullable Framing framing;

    /** Headers of the HTTP request for the authenticator, until it has been asked. */
    private Map<String, String> credentials;

    /** Whether the session has the client wait. */
    private boolean suspended;

    /** What follows the last of the client's bytes, while the reader holds some back. */
    private @Nullable Runnable behindHeld;

    private WebSocketConnection(SelectorLoop loop, TCPNIOConnection grizzly, Upgraded upgraded) {
        super(loop, grizzly, channelOf(grizzly));
        this.credentials = upgraded.credentials();
        this.compression = upgraded.compression();
        this.container = upgraded.container();
        this.reader = new MessageReader(
                this, loop::decodeBuffer, upgraded.maxFrameBytes(), compression.isOn() ? loop.inflaters() : null);
    }

    /**
     * What a handshake has come to.
     *
     * @param credentials headers of the request for the authenticator
     * @param compression agreed on with the client
     * @param container creates Tyrus's half of the connection
     * @param maxFrameBytes the largest WebSocket payload
     */
    record Upgraded(
            Map<String, String> credentials, Compression compression, StompContainer container, int maxFrameBytes) {}

    /** Takes over a connection that has been upgraded; called on its loop. */
    static WebSocketConnection open(
            SessionOpener sessions, SelectorLoop loop, TCPNIOConnection grizzly, Upgraded upgraded) {
        WebSocketConnection connection = new WebSocketConnection(loop, grizzly, upgraded);
        connection.start(sessions);
        return connection;
    }

    private org.glassfish.tyrus.spi.Connection tyrus() {
        assert loop().isCurrent();
        org.glassfish.tyrus.spi.Connection half = tyrus;
        if (half == null) {
            TyrusEndpoint.OPENING.set(this);
            try {
                half = container.connect(new TyrusWriter());
            } finally {
                TyrusEndpoint.OPENING.remove();
            }
            tyrus = half;
        }
        return half;
    }

    @Override
    protected void received(ByteBuffer bytes) {
        reader.read(bytes);
        goOnLater();
    }

    // ---- what the reader holds back -------------------------------------------------------------------------------

    /** What is held back comes in a later turn, and nothing more is read before. */
    private void goOnLater() {
        if (reader.holdsBack() && !suspended) {
            super.suspendReading();
            loop().execute(() -> guard(this::goOn));
        }
    }

    private void goOn() {
        if (suspended || state() == CloseState.CLOSED) {
            return;
        }
        reader.goOn();
        session().awaitRest();
        if (reader.holdsBack()) {
            goOnLater();
        } else if (!suspended) {
            readOn();
        }
    }

    private void readOn() {
        super.resumeReading();
        Runnable task = behindHeld;
        if (task != null) {
            behindHeld = null;
            super.whenHandled(task);
        }
    }

    @Override
    protected void whenHandled(Runnable task) {
        if (reader.holdsBack()) {
            behindHeld = task;
        } else {
            super.whenHandled(task);
        }
    }

    @Override
    public void suspendReading() {
        suspended = true;
        super.suspendReading();
    }

    @Override
    public void resumeReading() {
        suspended = false;
        if (reader.holdsBack() || behindHeld != null) {
            // the session first handles what it has kept
            loop().execute(() -> guard(this::goOn));
        } else {
            super.resumeReading();
        }
    }

    @Override
    public boolean mustWait() {
        return suspended;
    }

    // ---- from the reader ------------------------------------------------------------------------------------------

    /** The first message decides whether the client gets text or binary messages. */
    @Override
    public void messageBegins(boolean text) {
        assert loop().isCurrent();
        if (framing == null) {
            framing = text ? Framing.WEBSOCKET_TEXT : Framing.WEBSOCKET_BINARY;
        }
    }

    @Override
    public void payload(ByteBuffer bytes) {
        session().receive(bytes);
    }

    /** Answers in order with all that is sent (RFC 6455 5.5.2). */
    @Override
    public void pinged(ByteBuffer payload) {
        if (isAnswering()) {
            int length = payload.remaining();
            byte[] pong = new byte[2 + length];
            pong[0] = PONG;
            pong[1] = (byte) length;
            payload.get(pong, 2, length);
            session().sendRaw(pong, pong.length);
        }
    }

    /** After a Close nothing is answered, not even a Ping (RFC 6455 5.5.1). */
    private boolean isAnswering() {
        return state() == CloseState.OPEN || state() == CloseState.CLOSE_RECEIVED;
    }

    @Override
    public void passToTyrus(ByteBuffer bytes) {
        if (isAnswering()) {
            tyrus().getReadHandler().handle(bytes);
        }
    }

    @Override
    public void closeReceived() {
        session()
                .whenCaughtUp(() -> guard(() ->
                        closing(state() == CloseState.OPEN ? CloseState.CLOSE_RECEIVED : CloseState.BOTH_CLOSED)));
    }

    @Override
    public void closeRead(ByteBuffer payload) {
        int answer = CloseFrame.answerTo(payload);
        session().whenCaughtUp(() -> guard(() -> endWith(answer, "")));
    }

    /** The session ends behind this Close, if none has been sent. */
    private void endWith(int code, String reason) {
        if (isAnswering()) {
            sendClose(code, reason);
            session().close(CloseCode.NORMAL, "");
        }
    }

    private void sendClose(int code, String reason) {
        byte[] frame = CloseFrame.of(code, reason);
        session().sendRaw(frame, frame.length);
        closing(state() == CloseState.OPEN ? CloseState.CLOSE_SENT : CloseState.BOTH_CLOSED);
    }

    /** The peer's Close is not awaited: behind a violation nothing is read (RFC 6455 7.1.7). */
    @Override
    public void refuse(ProtocolException why) {
        session().refuse(why);
        closing(CloseState.FLUSHING);
    }

    @Override
    public void chargeUnproductive() {
        session().countControlFrame();
    }

    @Override
    public int maxFrameBytes() {
        return session().maxFrameBytes();
    }

    // ---- from Tyrus -----------------------------------------------------------------------------------------------

    /** A part of a fragmented message. Tyrus would take an exception for its own and hide it. */
    void fragment(ByteBuffer bytes) {
        guard(() -> session().receive(bytes));
    }

    /** Tyrus has found a violation, or has been told of the end. */
    void closedByTyrus(CloseReason reason) {
        assert loop().isCurrent();
        endWith(reason.getCloseCode().getCode(), reason.getReasonPhrase());
    }

    void failedInTyrus(Throwable error) {
        LOG.debug("{} {}", this, error.toString());
        session().close(CloseCode.PROTOCOL_ERROR, "malformed message");
    }

    // ---- from the session -----------------------------------------------------------------------------------------

    @Override
    public Framing framing() {
        return framing == null ? Framing.WEBSOCKET_TEXT : framing;
    }

    @Override
    public Compression compression() {
        return compression;
    }

    /** The session asks once; afterwards the request's headers are forgotten. */
    @Override
    public Handshake handshake() {
        assert loop().isCurrent();
        Handshake socket = super.handshake();
        Handshake all = new Handshake(socket.address(), credentials, socket.certificates());
        credentials = Map.of();
        return all;
    }

    @Override
    public boolean isInsideMessage() {
        return reader.isInsideMessage();
    }

    /** Browsers answer it even when a page's timers sleep (RFC 6455 5.5.2). */
    @Override
    public boolean ping() {
        session().sendRaw(PING, PING.length);
        return true;
    }

    @Override
    public void close(CloseCode code, String reason) {
        assert loop().isCurrent();
        if (!isAnswering()) {
            // it has been sent
            return;
        }
        sendClose(code.code(), reason);
        if (code == CloseCode.RATE_LIMIT) {
            // the peer's Close may stand behind any number of pings, which would all be answered
            reader.discardInput();
            closing(CloseState.FLUSHING);
        }
    }

    @Override
    protected void onClosed() {
        reader.end();
        if (tyrus != null) {
            tyrus.close(CloseReasons.CLOSED_ABNORMALLY.getCloseReason());
        }
    }
}
