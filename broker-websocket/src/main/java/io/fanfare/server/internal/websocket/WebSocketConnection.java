package io.fanfare.server.internal.websocket;

import io.fanfare.broker.Broker;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Framing;
import io.fanfare.security.Handshake;
import io.fanfare.server.internal.net.SelectorLoop;
import io.fanfare.server.internal.net.SocketConnection;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.glassfish.tyrus.core.CloseReasons;
import org.glassfish.tyrus.spi.WebSocketEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client that speaks STOMP in WebSocket messages. Owned by its loop. */
final class WebSocketConnection extends SocketConnection implements MessageReader.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(WebSocketConnection.class);

    private static final byte[] PING = {(byte) 0x89, 0};

    private final MessageReader reader;
    private org.glassfish.tyrus.spi.@Nullable Connection tyrus;
    private @Nullable Session webSocket;
    private Framing framing = Framing.WEBSOCKET_TEXT;

    /** What the HTTP request said for the authenticator, until it has been asked. */
    private Map<String, String> credentials;

    private boolean receivedAnything;
    private boolean closeReceived;

    WebSocketConnection(Broker broker, SelectorLoop loop, TCPNIOConnection grizzly, Map<String, String> credentials) {
        super(broker, loop, grizzly);
        this.credentials = credentials;
        reader = new MessageReader(
                this, loop::decodeBuffer, broker.options().frameLimits().maxFrameBytes());
    }

    /** Lets Tyrus make its half of the connection. */
    void open(WebSocketEngine.UpgradeInfo upgrade) {
        StompEndpoint.OPENING.set(this);
        try {
            tyrus = upgrade.createConnection(new TyrusWriter(this), reason -> finish());
        } finally {
            StompEndpoint.OPENING.remove();
        }
    }

    void opened(Session session) {
        webSocket = session;
    }

    @Override
    protected void received(ByteBuffer bytes) {
        reader.read(bytes);
    }

    // ---- what the reader finds ------------------------------------------------------------------------------------

    /** The first message tells whether the client wants text or binary ones itself. */
    @Override
    public void messageBegins(boolean text) {
        if (!receivedAnything) {
            receivedAnything = true;
            framing = text ? Framing.WEBSOCKET_TEXT : Framing.WEBSOCKET_BINARY;
        }
    }

    @Override
    public void payload(ByteBuffer bytes) {
        session().receive(bytes);
    }

    @Override
    public void passToTyrus(ByteBuffer bytes) {
        // after a Close nothing is answered, not even a Ping (RFC 6455 5.5.1)
        if (webSocket != null) {
            Objects.requireNonNull(tyrus).getReadHandler().handle(bytes);
        }
    }

    @Override
    public boolean closeReceived() {
        closeReceived = true;
        if (webSocket == null || !webSocket.isOpen()) {
            finish();
            return true;
        }
        return false;
    }

    /** No Close is waited for, because nobody would read it (RFC 6455 7.1.7). */
    @Override
    public void refuse(ProtocolException why) {
        session().refuse(why);
        finish();
    }

    @Override
    public void chargeUnproductive() {
        session().control();
    }

    @Override
    public int maxFrameBytes() {
        return session().maxFrameBytes();
    }

    // ---- what Tyrus finds -----------------------------------------------------------------------------------------

    /** A part of a fragmented message. */
    void fragment(ByteBuffer bytes) {
        session().receive(bytes);
    }

    /** Tyrus has got a Close or has found a violation; it sends the Close that is due. */
    void closedByTyrus() {
        webSocket = null;
        session().close(CloseCode.NORMAL, "");
    }

    void failedInTyrus(Throwable error) {
        LOG.debug("{} {}", this, error.toString());
        session().close(CloseCode.PROTOCOL_ERROR, "malformed message");
    }

    /** Our Close has been sent; the peer's ends the connection, or its being late does (RFC 6455 7.1.1). */
    void closeSent() {
        if (closeReceived) {
            finish();
        } else {
            linger();
        }
    }

    // ---- what the session wants -----------------------------------------------------------------------------------

    @Override
    public Framing framing() {
        return framing;
    }

    /** The session asks once; afterwards the request's headers are forgotten. */
    @Override
    public Handshake handshake() {
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
        Session open = webSocket;
        webSocket = null;
        if (open == null || closeReceived) {
            return;
        }
        try {
            open.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(code.code()), reason));
        } catch (IOException | RuntimeException e) {
            LOG.debug("no orderly close of {}", this, e);
            abort();
        }
        if (code == CloseCode.RATE_LIMIT) {
            // its Close may stand behind any number of pings, which would all be answered
            reader.discardInput();
            finish();
        }
    }

    /** A plain close would reset the connection when the peer is still sending, and take the ERROR with it. */
    @Override
    protected void end() {
        if (closeReceived) {
            abort();
        } else {
            shutdownOutput();
        }
    }

    @Override
    protected void onEnd() {
        if (tyrus != null) {
            tyrus.close(CloseReasons.CLOSED_ABNORMALLY.getCloseReason());
        }
    }
}
