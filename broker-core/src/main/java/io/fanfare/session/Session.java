package io.fanfare.session;

import io.fanfare.event.ConnectionEnd;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.HeartBeat;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.Connection;
import io.fanfare.loop.ConnectionLog;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Outbox;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Encoding;
import io.fanfare.security.Principal;
import io.fanfare.status.SessionStatus;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection as STOMP sees it, from its first byte to its last: a state machine that a {@link Connection}
 * feeds. Owned by its event loop; no other thread may touch it.
 *
 * <pre>
 *   open ──> Connecting ── CONNECT accepted ──> Connected
 *                │                                  │
 *                │ refused, timeout                 │ DISCONNECT, ERROR, too slow, expired, drain
 *                └───────────────┬──────────────────┘
 *                                v
 *                             Closing ── everything written, or the peer is gone ──> closed
 *
 *   the connection is lost in any state ──> closed
 * </pre>
 */
public final class Session implements EventLoop.Output {

    private final SessionServices services;
    private final BrokerLoop brokerLoop;
    private final Connection connection;
    private final Consumer<Session> onClosed;
    private final Outbox outbox;
    private final Replies replies;
    private final HeartBeats heartBeats;
    private final Inbound inbound;
    private final ClientStatus.Vitals vitals;
    private final Authentication authentication;
    private final ConnectionEnd end;
    private final ConnectionLog log;
    private SessionState state;
    private boolean closed;

    private Session(
            SessionServices services, BrokerLoop brokerLoop, Connection connection, Consumer<Session> onClosed) {
        SessionServices.Options options = services.options();
        this.services = services;
        this.brokerLoop = brokerLoop;
        this.connection = connection;
        this.onClosed = onClosed;
        this.outbox = new Outbox(brokerLoop.loop(), connection, options.outbox(), this);
        this.replies = new Replies(brokerLoop, outbox, connection, options);
        this.inbound = new Inbound(this, brokerLoop, connection, services.memory(), options);
        this.heartBeats = new HeartBeats(
                this, connection, inbound, outbox, options.heartBeat().pingInterval());
        this.vitals = new ClientStatus.Vitals(brokerLoop.loop(), services.clock(), connection, outbox, heartBeats);
        this.authentication = new Authentication(this, connection, inbound, services);
        this.end = new ConnectionEnd(
                brokerLoop.loop().counts(), services.events(), services.listeners(), connection::peer);
        this.log = new ConnectionLog(connection);
        this.state = new Connecting(this, services, authentication);
    }

    /**
     * Begins the session of a connection that has just been opened; called on its loop.
     *
     * @param onClosed told, on the loop, when it is over
     */
    public static Session open(
            SessionServices services, BrokerLoop brokerLoop, Connection connection, Consumer<Session> onClosed) {
        Session session = new Session(services, brokerLoop, connection, onClosed);
        session.authentication.begin();
        session.inbound.received();
        return session;
    }

    // ---- bytes in -------------------------------------------------------------------------------------------------

    /** The peer has sent bytes of any kind; called once for each read, before what it brought. */
    public void received() {
        inbound.received();
    }

    /**
     * Takes bytes that came from the client, cut anywhere; what one read brought may come in several calls.
     *
     * @param bytes a buffer with an accessible array; used up during the call
     */
    public void receive(ByteBuffer bytes) {
        assert loop().isCurrent();
        vitals.received(bytes.remaining());
        if (isLive()) {
            inbound.charge(bytes.remaining());
            handle(bytes);
        }
    }

    /** The read has brought the beginning of a frame or message: its rest must come within the frame timeout. */
    public void awaitRest() {
        assert loop().isCurrent();
        inbound.awaitRest();
    }

    /** Runs a task once all that came before it has been handled: now, or as soon as the client need not wait any more. */
    public void whenCaughtUp(Runnable task) {
        assert loop().isCurrent();
        inbound.whenCaughtUp(task);
    }

    /** Counts a WebSocket control frame, which means nothing to STOMP; throws a ProtocolException for too many. */
    public void countControlFrame() {
        assert loop().isCurrent();
        inbound.countControlFrame();
    }

    /** The most bytes that a frame may have right now: fewer before CONNECTED. */
    public int maxFrameBytes() {
        return inbound.maxFrameBytes();
    }

    /** Does what the frames among these bytes ask for; a frame that can't be obeyed ends the session. */
    void handle(ByteBuffer bytes) {
        for (Frame frame = inbound.next(bytes); frame != null; frame = inbound.next(bytes)) {
            try {
                state.handle(frame);
            } catch (RuntimeException e) {
                failed(frame, e);
            }
        }
    }

    /** A frame could not be obeyed: that ends this session and nothing else. */
    void failed(Frame frame, RuntimeException why) {
        if (why instanceof ProtocolException violation) {
            fail(violation, frame.headers().get("receipt"));
            return;
        }
        log.bug(frame.command(), why);
        refuse(new ProtocolException(
                "internal error", "the broker failed; this is not your fault", CloseCode.INTERNAL_ERROR));
    }

    /** The client is authenticated: answers with CONNECTED. */
    void connected(Headers connect, StompVersion version, HeartBeat heartBeat, Principal principal) {
        Encoding encoding = new Encoding(version, connection.framing(), connection.compression(), null);
        Connected.Request request = new Connected.Request(
                connect, encoding, principal, connection.handshake().address());
        Connected connected =
                new Connected(this, services, brokerLoop, outbox, replies, inbound, authentication, request);
        state = connected;
        connected.begin(request.headers());
        inbound.connected(version);
        heartBeats.start(heartBeat);
        log.connected(connected.id(), principal.name(), version.toString());
        connection.connected();
        end.connected(vitals.session(connected));
    }

    boolean isConnected() {
        return state instanceof Connected;
    }

    /** Whether the client may still say something. */
    boolean isLive() {
        return !closed && !(state instanceof Closing);
    }

    /** Permissions, or the topics whose presence is gathered, may have changed: the client follows. Called on the loop. */
    public void rulesChanged() {
        assert loop().isCurrent();
        if (state instanceof Connected connected) {
            try {
                connected.rulesChanged();
            } catch (ProtocolException e) {
                refuse(e);
            }
        }
    }

    // ---- bytes out ------------------------------------------------------------------------------------------------

    /** Sends bytes that are framed already, such as a Pong or a Close; in order with everything else. */
    public void sendRaw(byte[] bytes, int length) {
        if (!closed) {
            outbox.sendRaw(bytes, length);
        }
    }

    void sendHeartBeat() {
        if (isConnected() && outbox.isEmpty()) {
            replies.heartBeat();
        }
    }

    /** Writes what was appended in this turn; called by the loop at the end of it. */
    @Override
    public void flush() {
        Outbox.Flushed flushed = outbox.flush();
        if (closed) {
            return;
        }
        state.written(outbox.written());
        switch (flushed) {
            case EMPTY -> state.drained();
            case BLOCKED -> {}
            case OVERFLOWED -> tooSlow(outbox.overflow());
        }
    }

    /** The socket has room again. */
    public void writable() {
        assert loop().isCurrent();
        outbox.unblock();
    }

    /** Whether everything sent so far has been given to the socket. */
    public boolean isFlushed() {
        return outbox.isEmpty();
    }

    @Override
    public void stalled(long waitingBytes) {
        end.stalled(waitingBytes);
        log.stalled("write_timeout", waitingBytes);
        connection.abort();
    }

    @Override
    public void reclaim(long waitingBytes) {
        end.reclaimed(waitingBytes);
        log.stalled("high_memory_bytes", waitingBytes);
        connection.abort();
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    /** Closes the session with an ERROR: what came, or did not come, can't go on. Called on the loop. */
    public void refuse(ProtocolException why) {
        fail(why, null);
    }

    /** The client reads too slowly: it loses what waits for it, and its connection; no other client notices. */
    void tooSlow(String detail) {
        // before CONNECTED too: Pongs wait then
        if (isLive()) {
            end.tooSlow(outbox.appended() - outbox.written());
            outbox.dropBacklog();
            state.dropped(outbox.appended());
            fail(new ProtocolException("too slow", detail, CloseCode.OVERLOAD), null);
        }
    }

    /** Sends one ERROR and closes (STOMP 1.2, ERROR); nothing that comes afterwards is looked at. */
    void fail(ProtocolException why, @Nullable String receipt) {
        assert loop().isCurrent();
        if (!isLive()) {
            return;
        }
        if (!Authentication.isLogged(why)) {
            log.refused(why);
            end.refused(why);
        }
        replies.error(state.version(), isConnected(), why, receipt);
        end.closing(why.closeCode(), why.detail().isEmpty() ? why.summary() : why.detail());
        close(why.closeCode(), why.summary());
    }

    /** The client is told of a refused frame, and its connection goes on. */
    void refusedSoftly(ProtocolException why) {
        end.refused(why);
    }

    /** Closes the session of a client that did nothing wrong: an ERROR tells the reason, over TCP nothing else could. */
    public void dismiss(CloseCode code, String reason) {
        if (isLive()) {
            replies.error(state.version(), isConnected(), new ProtocolException(reason, reason, code), null);
            close(code, reason);
        }
    }

    /** Closes in the orderly way, after everything that was sent before; safe to call again. Called on the loop. */
    public void close(CloseCode code, String reason) {
        assert loop().isCurrent();
        if (isLive()) {
            end.closing(code, reason);
            SessionState before = state;
            state = new Closing(before, connection);
            release(before);
            connection.close(code, reason);
        }
    }

    @Override
    public void abort() {
        end.failed();
        connection.abort();
    }

    /** The transport has lost or ended the connection. Called on the loop. */
    public void closed() {
        assert loop().isCurrent();
        if (closed) {
            return;
        }
        closed = true;
        state.dropped(0);
        if (state instanceof Closing) {
            Closing.runAll(this, state::lost);
        } else {
            release(state);
        }
        Closing.runAll(this, outbox::close, () -> log.ended(end.over()), () -> onClosed.accept(this));
    }

    private void release(SessionState before) {
        Closing.runAll(this, authentication::end, inbound::end, heartBeats::stop, () -> before.end(end.reason()));
    }

    /** The loop that owns this session; which any thread may ask for. */
    public EventLoop loop() {
        return brokerLoop.loop();
    }

    /** What an operator sees of the client; null before CONNECTED and at the end. Called on the loop. */
    public @Nullable ClientStatus status() {
        assert loop().isCurrent();
        return state instanceof Connected connected ? new ClientStatus(connected, vitals) : null;
    }

    /** The client as it is told of; null before CONNECTED. Called by any thread. */
    public @Nullable SessionStatus seen() {
        return end.session();
    }

    /** For logs. */
    @Override
    public String toString() {
        return "peer=" + connection.peer();
    }
}
