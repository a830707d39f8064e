package io.fanfare.endpoint;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Connection;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Framing;
import io.fanfare.loop.Timer;
import io.fanfare.security.Handshake;
import io.fanfare.security.Principal;
import io.fanfare.session.Session;
import jakarta.websocket.CloseReason;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the endpoint: hands what the container received to its session, and what the session wrote to the
 * container, one message after the other. Owned by its loop but for the methods that say otherwise.
 */
final class ContainerConnection implements Connection {

    private static final Logger LOG = LoggerFactory.getLogger(ContainerConnection.class);

    /** How long closing may take: until all has been sent and the container has closed. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    /** The smallest fragment that is not charged to a rate limit. */
    private static final int FRAGMENT_BYTES = 64;

    /** What the container does with the messages that it is given, one after the other. */
    private enum Sending {
        /** All messages have been sent. */
        IDLE,
        /** One message has not been sent yet. */
        BUSY,
        /** The same, and the session waits for room. */
        AWAITED
    }

    private final EventLoop loop;
    private final ContainerSession container;
    private final Client client;
    private final Consumer<ContainerConnection> onClosed;
    private final InboundBuffer inbound;
    private final OutgoingMessages outgoing;

    /** What the client's first message was; null before. */
    private @Nullable Framing framing;

    /** Whether a message has begun whose end has not come. */
    private boolean insideMessage;

    private Sending sending = Sending.IDLE;
    private CloseState state = CloseState.OPEN;

    /** The Close to send once everything before is sent; null: none. */
    private @Nullable CloseReason closing;

    private @Nullable Timer linger;
    private @Nullable Session session;

    /**
     * A connection that is opened next.
     *
     * @param maxJoinedBytes of messages that leave together
     * @param onClosed told, on the loop, when it is over
     */
    ContainerConnection(
            EventLoop loop,
            ContainerSession container,
            Client client,
            int maxJoinedBytes,
            Consumer<ContainerConnection> onClosed) {
        this.loop = loop;
        this.container = container;
        this.client = client;
        this.onClosed = onClosed;
        this.inbound = new InboundBuffer(loop, (part, slice) -> guard(() -> received(part, slice)));
        this.outgoing = new OutgoingMessages(maxJoinedBytes);
    }

    EventLoop loop() {
        return loop;
    }

    /** Takes its session, which has just begun; called once, on the loop, before anything else. */
    void begin(Session itsSession) {
        assert loop.isCurrent();
        session = itsSession;
    }

    /** Closes a client that did nothing wrong. */
    void dismiss(CloseCode code, String reason) {
        session().dismiss(code, reason);
    }

    private Session session() {
        return Objects.requireNonNull(session);
    }

    // ---- from the container: any thread -----------------------------------------------------------------------------

    /** A part of a message has come; returns when it has room here. */
    void arrived(InboundBuffer.Part part) {
        try {
            inbound.put(part);
        } catch (InterruptedException e) {
            // the container ends its threads
            Thread.currentThread().interrupt();
            loop.execute(this::abort);
        }
    }

    /** A Pong has come, a sign of life. */
    void ponged() {
        loop.execute(() -> session().received());
    }

    /** The container has closed the connection, or lost it; nothing follows. */
    void containerClosed(CloseReason reason) {
        int code = reason.getCloseCode().getCode();
        boolean lost = code == CloseReason.CloseCodes.CLOSED_ABNORMALLY.getCode();
        loop.execute(this::containerIsClosed);
        inbound.end(() -> session().whenCaughtUp(() -> {
            if (!lost) {
                session().close(closeCode(code), "");
            }
            closed();
        }));
    }

    private void containerIsClosed() {
        if (state != CloseState.CLOSED) {
            state = CloseState.CONTAINER_CLOSED;
        }
    }

    /** What the container has closed for by itself, which was malformed or too large; else the client has gone. */
    private static CloseCode closeCode(int code) {
        return switch (code) {
            case 1002 -> CloseCode.PROTOCOL_ERROR;
            case 1007 -> CloseCode.INVALID_DATA;
            case 1009 -> CloseCode.TOO_BIG;
            default -> CloseCode.NORMAL;
        };
    }

    /** The container could not go on with the connection; that it closes as well is not relied on. */
    void failed(Throwable error) {
        LOG.debug("{} {}", this, error.toString());
        loop.execute(() -> session().close(CloseCode.PROTOCOL_ERROR, "malformed message"));
    }

    // ---- bytes in
    // -----------------------------------------------------------------------------------------------------

    private void received(InboundBuffer.Part part, ByteBuffer slice) {
        // the first message decides whether the client gets text or binary messages
        if (framing == null) {
            framing = part.text() ? Framing.WEBSOCKET_TEXT : Framing.WEBSOCKET_BINARY;
        }
        Session receiver = session();
        receiver.received();
        int length = part.bytes().length;
        // frames that cost work and carry nothing: empty messages, tiny fragments
        if (length == 0 || (!part.last() && length < FRAGMENT_BYTES)) {
            receiver.countControlFrame();
        }
        insideMessage = !part.last() || inbound.isInsidePart();
        receiver.receive(slice);
        receiver.awaitRest();
    }

    @Override
    public boolean isInsideMessage() {
        return insideMessage;
    }

    @Override
    public void suspendReading() {
        inbound.suspend();
    }

    @Override
    public void resumeReading() {
        inbound.resume();
    }

    // ---- bytes out
    // ----------------------------------------------------------------------------------------------------

    @Override
    public Framing framing() {
        return framing == null ? Framing.WEBSOCKET_TEXT : framing;
    }

    /** Takes bytes as long as the container has sent all messages before; then it counts as a socket that is full. */
    @Override
    public int write(ByteBuffer bytes) {
        assert loop.isCurrent();
        int before = bytes.remaining();
        while (sending == Sending.IDLE && bytes.hasRemaining()) {
            outgoing.take(bytes);
            if (outgoing.isComplete()) {
                sending = Sending.BUSY;
                container.send(outgoing, this::sent);
            }
        }
        return before - bytes.remaining();
    }

    /** The container has sent the message, within the call or later; called by any thread. */
    private void sent(@Nullable Throwable failure) {
        if (failure != null) {
            LOG.debug("{} not sent: {}", this, failure.toString());
            loop.execute(this::abort);
        } else if (loop.isCurrent()) {
            hasRoom();
        } else {
            loop.execute(this::hasRoom);
        }
    }

    private void hasRoom() {
        boolean awaited = sending == Sending.AWAITED;
        sending = Sending.IDLE;
        if (awaited) {
            session().writable();
        }
        flushed();
    }

    @Override
    public void awaitWritable() {
        assert loop.isCurrent() && sending != Sending.IDLE;
        sending = Sending.AWAITED;
    }

    @Override
    public boolean ping() {
        container.ping();
        return true;
    }

    // ---- the end
    // ------------------------------------------------------------------------------------------------------

    @Override
    public void close(CloseCode code, String reason) {
        assert loop.isCurrent();
        inbound.close();
        if (state != CloseState.OPEN) {
            return;
        }
        state = CloseState.CLOSING;
        closing = new CloseReason(CloseReason.CloseCodes.getCloseCode(code.code()), reason);
        linger = loop.schedule(LINGER, this::abort);
        flushed();
    }

    @Override
    public void flushed() {
        assert loop.isCurrent();
        if (state == CloseState.CLOSING && sending == Sending.IDLE && session().isFlushed()) {
            state = CloseState.CONTAINER_CLOSED;
            container.close(Objects.requireNonNull(closing));
        }
    }

    @Override
    public void abort() {
        assert loop.isCurrent();
        if (state != CloseState.CLOSED) {
            state = CloseState.CONTAINER_CLOSED;
            container.cut();
            // not within the session's own call
            loop.execute(this::closed);
        }
    }

    private void closed() {
        assert loop.isCurrent();
        if (state == CloseState.CLOSED) {
            return;
        }
        state = CloseState.CLOSED;
        inbound.close();
        if (linger != null) {
            linger.cancel();
        }
        try {
            session().closed();
        } finally {
            onClosed.accept(this);
        }
    }

    /** Runs an action of this connection; what it throws ends the connection, and no other. */
    private void guard(Runnable action) {
        try {
            action.run();
        } catch (ProtocolException e) {
            session().refuse(e);
        } catch (RuntimeException | Error e) {
            LOG.error("bug while serving {}", this, e);
            abort();
        }
    }

    // ---- the client
    // ---------------------------------------------------------------------------------------------------

    @Override
    public @Nullable Principal principal() {
        return client.user().orElse(null);
    }

    /** The session asks once; afterwards the request's headers are forgotten. */
    @Override
    public Handshake handshake() {
        return client.takeHandshake();
    }

    @Override
    public String peer() {
        return client.address().isEmpty() ? "container session " + container.id() : client.address();
    }

    @Override
    public String toString() {
        return "peer=" + peer();
    }
}
