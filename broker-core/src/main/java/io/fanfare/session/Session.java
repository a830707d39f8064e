package io.fanfare.session;

import io.fanfare.broker.Broker;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.HeartBeat;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.Chunk;
import io.fanfare.loop.Connection;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Outlet;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.DestinationQuota;
import io.fanfare.queue.Deliveries;
import io.fanfare.security.Principal;
import io.fanfare.topic.BackloggedSubscriptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection as STOMP sees it, from its first byte to its last: a state machine that a {@link Connection}
 * feeds. Owned by its event loop; no other thread may touch it.
 */
public final class Session {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private enum State {
        /** Waits for CONNECT. */
        OPEN,
        CONNECTED,
        /** Nothing more is read; what was written is still on its way out. */
        CLOSING,
        CLOSED
    }

    private final Broker broker;
    private final BrokerLoop loopState;
    private final Connection connection;
    private final Outlet outlet;
    private final Replies replies;
    private final HeartBeats heartBeats;
    private final Intake intake;
    private final Authentication login;
    private final Inbound inlet;
    private State state = State.OPEN;

    /** What the client says once it is connected; null before. */
    private @Nullable CommandHandler conversation;

    /** Who the client is, when anything is limited for a user. */
    private @Nullable UserQuota user;

    private boolean touched;

    public Session(Broker broker, BrokerLoop loopState, Connection connection) {
        this.broker = broker;
        this.loopState = loopState;
        this.connection = connection;
        BrokerOptions options = broker.options();
        this.outlet = new Outlet(loopState.loop(), connection, options, new Outgoing());
        this.replies = new Replies(this, connection, options);
        this.heartBeats = new HeartBeats(
                this, connection, loopState.loop(), options.heartBeat().pingInterval());
        this.intake = new Intake(this, connection, broker.memory());
        this.login = new Authentication(this, connection, intake, broker);
        this.inlet = new Inbound(this, connection, intake, login, options);
    }

    public void opened() {
        login.begin();
        inlet.alive();
    }

    // ---- bytes in -------------------------------------------------------------------------------------------------

    /**
     * Takes bytes that came from the client, cut anywhere; what one read brought may come in several calls, behind one
     * {@link #alive}.
     *
     * @param bytes a buffer with an accessible array; used up during the call
     */
    public void receive(ByteBuffer bytes) {
        assert loop().isCurrent();
        inlet.receive(bytes);
    }

    /** Goes on with what was read before the client had to wait. */
    public void decode(ByteBuffer bytes) {
        inlet.decode(bytes);
    }

    /** What a frame wants can't be done: that ends this session and nothing else. */
    public void failed(Frame frame, RuntimeException why) {
        if (why instanceof ProtocolException violation) {
            fail(violation, frame.headers().get("receipt"));
            return;
        }
        LOG.error("bug while handling {} of {}", frame.command(), this, why);
        fail(
                new ProtocolException(
                        "internal error", "the broker failed; this is not your fault", CloseCode.INTERNAL_ERROR),
                null);
    }

    /**
     * What has begun must go on, or the session ends (frame timeout). Called whenever bytes have come.
     */
    public void expectRest() {
        inlet.expectRest();
    }

    /** Whether the client may still say something. */
    public boolean isLive() {
        return state == State.OPEN || state == State.CONNECTED;
    }

    public boolean isConnected() {
        return state == State.CONNECTED;
    }

    /** Does what a frame asks for. */
    public void handle(Frame frame) {
        try {
            perform(frame);
        } catch (RuntimeException e) {
            failed(frame, e);
        }
    }

    private void perform(Frame frame) {
        if (conversation != null) {
            inlet.charge(frame.command());
            conversation.handle(frame);
            if (frame.command() == Command.SEND && state == State.CONNECTED) {
                intake.slowDown();
            }
            return;
        }
        switch (frame.command()) {
            case CONNECT, STOMP -> connect(frame);
            default ->
                throw new ProtocolException(
                        "not connected", "the first frame must be CONNECT or STOMP, not " + frame.command());
        }
    }

    /**
     * Something came that means nothing and costs work: a Ping, say.
     *
     * @throws ProtocolException when it comes too often
     */
    public void control() {
        inlet.control();
    }

    private void connect(Frame frame) {
        broker.drain().admit();
        StompVersion version = CommandHandler.version(frame.headers());
        // a malformed heart-beat is found before anything is promised
        HeartBeat heartBeat = replies.negotiate(version, frame.headers());
        login.connect(frame, answer -> connected(frame, heartBeat, answer.get()));
    }

    private void connected(Frame connect, HeartBeat heartBeat, Principal principal) {
        enter(principal.name());
        CommandHandler begun =
                CommandHandler.begin(this, broker, login, replies, connection.framing(), connect.headers(), principal);
        conversation = begun;
        state = State.CONNECTED;
        inlet.connected(begun.version());
        heartBeats.start(heartBeat);
        connection.connected();
    }

    private void enter(String name) {
        if (broker.users().counts(name)) {
            UserQuota entered = broker.users().enter(name);
            user = entered;
            inlet.user(entered);
        }
    }

    /** How large a frame may be right now, in bytes: before CONNECTED it is less. */
    public int maxFrameBytes() {
        BrokerOptions options = broker.options();
        return conversation == null
                ? options.limits().maxFrameBytesBeforeConnected()
                : options.limits().frameLimits().maxFrameBytes();
    }

    /** The peer has shown that it lives, by whatever bytes. */
    public void alive() {
        inlet.alive();
    }

    public long lastReceived() {
        return inlet.lastReceived();
    }

    /**
     * The value of a header that must be there.
     *
     * @throws ProtocolException when it is not
     */
    public static String required(Frame frame, String header) {
        String value = frame.headers().get(header);
        if (value == null) {
            throw new ProtocolException(
                    "missing " + header, "a " + frame.command() + " frame needs the header " + header);
        }
        return value;
    }

    // ---- bytes out ------------------------------------------------------------------------------------------------

    /** Puts bytes behind all others on their way to the client; they leave at the end of the turn. */
    public void append(Chunk chunk, int from, int to) {
        outlet.append(chunk, from, to);
        if (!touched) {
            touch();
        }
    }

    /** Sends bytes that are framed already, such as a Pong or a Close; in order with everything else. */
    public void sendRaw(byte[] bytes, int length) {
        if (state != State.CLOSED) {
            Chunk chunk = loop().buffer().bytes(this, bytes, length);
            append(chunk, chunk.lastFrame(), chunk.length());
        }
    }

    public void sendHeartBeat() {
        if (state == State.CONNECTED && outlet.isEmpty()) {
            replies.heartBeat();
        }
    }

    /** Bytes since the beginning that were sent, or wait for the socket. */
    public long appendedBytes() {
        return outlet.appendedBytes();
    }

    /** Whether there is room for more of what can wait elsewhere: half of the outbox is for what can't. */
    public boolean hasRoom() {
        return outlet.pendingBytes() <= maxOutboxBytes() / 2;
    }

    /** Whether the socket is full. */
    public boolean isBlocked() {
        return outlet.isBlocked();
    }

    public long maxOutboxBytes() {
        return broker.options().outbox().maxOutboxBytes();
    }

    public long lastSent() {
        return outlet.lastSent();
    }

    /** Has the loop flush this session at the end of its turn. */
    public void touch() {
        if (!touched) {
            touched = true;
            loop().touch(this);
        }
    }

    public void flush() {
        touched = false;
        outlet.flush();
    }

    /** The socket has room again. */
    public void writable() {
        if (outlet.unblock()) {
            touch();
        }
    }

    /** Whether everything sent so far has been given to the socket. */
    public boolean isFlushed() {
        return outlet.isEmpty();
    }

    /** What becomes of the bytes on their way out. */
    private final class Outgoing implements Outlet.Listener {

        @Override
        public void written(long written) {
            if (conversation != null) {
                conversation.written(written);
            }
        }

        @Override
        public void drained() {
            if (state == State.CLOSING) {
                connection.flushed();
            } else if (conversation != null) {
                conversation.drained();
            }
        }

        @Override
        public void overflowed(String detail) {
            tooSlow(detail);
        }

        @Override
        public void stalled(long pendingBytes) {
            LOG.warn("aborting {} reason=stalled pending={}", Session.this, pendingBytes);
            connection.abort();
        }
    }

    /** What the client may do may have changed: what it may not do any more ends. */
    public void permissionsChanged() {
        if (conversation != null && state == State.CONNECTED) {
            try {
                conversation.reconsider();
            } catch (ProtocolException e) {
                refuse(e);
            }
        }
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    /** Ends the conversation because what came, or did not come, can't go on; one ERROR tells why. */
    public void refuse(ProtocolException why) {
        fail(why, null);
    }

    /** The client can't keep up: it loses its backlog and its connection, and nobody else notices. */
    public void tooSlow(String detail) {
        // before CONNECTED too: pongs wait then
        if (isLive()) {
            outlet.dropBacklog();
            dropped(outlet.appendedBytes());
            fail(new ProtocolException("too slow", detail, CloseCode.OVERLOAD), null);
        }
    }

    public void heartBeatMissed(Duration silence) {
        refuse(new ProtocolException(
                "heart-beats missed", "nothing came for " + silence.toMillis() + " ms", CloseCode.HEART_BEAT_MISSED));
    }

    /** Sends one ERROR and closes (STOMP 1.2, ERROR); nothing that comes afterwards is looked at. */
    public void fail(ProtocolException why, @Nullable String receipt) {
        if (!isLive()) {
            return;
        }
        if (!Authentication.isLogged(why)) {
            LOG.info(
                    "refused {} reason={} code={} detail={}",
                    this,
                    why.summary(),
                    why.closeCode().code(),
                    why.detail());
        }
        StompVersion version = conversation == null ? StompVersion.V1_0 : conversation.version();
        replies.error(version, conversation != null, why, receipt);
        close(why.closeCode(), why.summary());
    }

    public void disconnect() {
        close(CloseCode.NORMAL, "");
    }

    /** Says goodbye in the orderly way, after everything that was sent before; safe to call again. */
    public void close(CloseCode code, String reason) {
        if (isLive()) {
            release();
            state = State.CLOSING;
            connection.close(code, reason);
        }
    }

    /** Cuts the connection without a word. */
    public void abort() {
        connection.abort();
    }

    /** The transport has lost or ended the connection. */
    public void closed() {
        if (state != State.CLOSED) {
            dropped(0);
            if (state != State.CLOSING) {
                release();
            } else if (conversation != null) {
                conversation.cutOff();
            }
            state = State.CLOSED;
            outlet.close();
            broker.closed(this);
        }
    }

    /** Nothing beyond this point of the outbox will leave. */
    private void dropped(long appended) {
        if (conversation != null) {
            conversation.dropped(appended);
        }
    }

    private void release() {
        login.end();
        inlet.end();
        intake.end();
        heartBeats.stop();
        if (conversation != null) {
            conversation.end();
        }
        if (user != null) {
            broker.users().leave(user);
        }
    }

    /** The loop that owns this session; the one thing of it that any thread may ask for. */
    public EventLoop loop() {
        return loopState.loop();
    }

    public BrokerLoop state() {
        return loopState;
    }

    public Deliveries deliveries() {
        return Objects.requireNonNull(conversation).deliveries();
    }

    public DestinationQuota holdings() {
        return Objects.requireNonNull(conversation).holdings();
    }

    public BackloggedSubscriptions laggards() {
        return Objects.requireNonNull(conversation).laggards();
    }

    /** For logs. */
    @Override
    public String toString() {
        return "peer=" + connection.peer();
    }
}
