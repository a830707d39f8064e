package io.fanfare.server.internal.net;

import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Connection;
import io.fanfare.loop.Timer;
import io.fanfare.security.Handshake;
import io.fanfare.session.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: reads from its channel into the loop's buffer, writes what its session's outbox holds, and
 * closes in the order of {@link CloseState}. Owned by its loop.
 */
public abstract class SocketConnection extends SocketProcessor implements Connection {

    private static final Logger LOG = LoggerFactory.getLogger(SocketConnection.class);

    /** How long closing may take: until the peer has read the last bytes and has closed its side. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    private final TCPNIOConnection grizzly;
    private final SelectorLoop loop;
    private final ByteChannel channel;

    /** The channel, when it is one of TLS. */
    private final @Nullable TlsChannel tls;

    private final AcceptedSocket accepted;
    private CloseState state = CloseState.OPEN;

    /** Whether the end of the peer's bytes has been read; frames before it may still have to wait. */
    private boolean endRead;

    private @Nullable Timer linger;

    /** Null until the connection is started. */
    private @Nullable Session session;

    /**
     * A connection that is still to be started.
     *
     * @param channel to read from and write to, see {@link #channelOf}
     */
    protected SocketConnection(SelectorLoop loop, TCPNIOConnection grizzly, ByteChannel channel) {
        this.grizzly = grizzly;
        this.loop = loop;
        this.channel = channel;
        this.tls = channel instanceof TlsChannel encrypted ? encrypted : null;
        this.accepted = AcceptedSocket.of(grizzly);
    }

    /** The channel of an accepted connection: its TLS, or the socket itself. */
    protected static ByteChannel channelOf(TCPNIOConnection grizzly) {
        TlsChannel tls = TlsChannel.of(grizzly);
        return tls != null ? tls : (SocketChannel) grizzly.getChannel();
    }

    /** Takes over the connection's events and opens its session; called on the loop. */
    protected final void start(SessionOpener sessions) {
        assert loop.isCurrent();
        grizzly.setProcessor(this);
        session = sessions.open(loop, this);
        awaitPending();
    }

    public final Session session() {
        return Objects.requireNonNull(session);
    }

    protected final SelectorLoop loop() {
        return loop;
    }

    // ---- events ---------------------------------------------------------------------------------------------------

    @Override
    protected final void onEvent(IOEvent event, org.glassfish.grizzly.Connection<?> connection) throws IOException {
        switch (event) {
            case READ -> {
                ByteBuffer bytes = loop.readBuffer();
                endRead |= channel.read(bytes) < 0;
                arrived(bytes.flip());
            }
            case WRITE -> writable();
            case CLOSED -> loop.runOrExecute(this::closed);
            default -> LOG.trace("{} {}", event, this);
        }
    }

    /**
     * Takes what has been read, after the connection's start or before it, and the end of the input if that was read too.
     *
     * @param bytes valid only during the call; may be empty
     */
    public final void arrived(ByteBuffer bytes) {
        if (bytes.hasRemaining()) {
            session().received();
            received(bytes);
            session().awaitRest();
        }
        endRead |= tls != null && tls.isInputEnded();
        if (endRead) {
            whenHandled(() -> guard(this::inputEnded));
        }
        awaitPending();
    }

    /** Runs a task once all that has been read has been handled. */
    protected void whenHandled(Runnable task) {
        session().whenCaughtUp(task);
    }

    /**
     * Takes bytes from the peer.
     *
     * @param bytes valid only during the call
     */
    protected abstract void received(ByteBuffer bytes);

    /** The peer has shut its sending side down; the bytes that wait for it may still reach it. */
    private void inputEnded() throws IOException {
        if (state == CloseState.INPUT_ENDED || isFlushed()) {
            abort();
            return;
        }
        session().close(CloseCode.NORMAL, "");
        grizzly.disableIOEvent(IOEvent.READ);
        closing(CloseState.INPUT_ENDED);
    }

    private void writable() throws IOException {
        assert loop.isCurrent();
        grizzly.disableIOEvent(IOEvent.WRITE);
        if (tls != null) {
            tls.flush();
            awaitPending();
            flushed();
        }
        session().writable();
    }

    private void closed() {
        assert loop.isCurrent();
        if (state == CloseState.CLOSED) {
            return;
        }
        state = CloseState.CLOSED;
        if (linger != null) {
            linger.cancel();
        }
        try {
            if (session != null) {
                session.closed();
            }
        } finally {
            onClosed();
        }
    }

    /** The socket has been closed. */
    protected void onClosed() {}

    // ---- what the session does ------------------------------------------------------------------------------------

    @Override
    public final int write(ByteBuffer bytes) {
        assert loop.isCurrent();
        try {
            int taken = channel.write(bytes);
            awaitPending();
            return taken;
        } catch (IOException | RuntimeException | Error e) {
            // a broken channel counts as full: the session keeps its bytes until it is closed, which comes next
            logFailure(e);
            loop.execute(this::abort);
            return 0;
        }
    }

    @Override
    public final void awaitWritable() {
        setInterest(IOEvent.WRITE, true);
    }

    @Override
    public void suspendReading() {
        if (state != CloseState.CLOSED) {
            setInterest(IOEvent.READ, false);
        }
    }

    @Override
    public void resumeReading() {
        if (state != CloseState.CLOSED && !endRead) {
            setInterest(IOEvent.READ, true);
        }
    }

    private void setInterest(IOEvent event, boolean enabled) {
        assert loop.isCurrent();
        try {
            if (enabled) {
                grizzly.enableIOEvent(event);
            } else {
                grizzly.disableIOEvent(event);
            }
        } catch (IOException e) {
            logFailure(e);
            loop.execute(this::abort);
        }
    }

    /** Encrypted bytes are written in any case, whether or not the session has more. */
    private void awaitPending() {
        if (tls != null && tls.hasPending()) {
            awaitWritable();
        }
    }

    // ---- closing --------------------------------------------------------------------------------------------------

    protected final CloseState state() {
        return state;
    }

    /** Goes on to a state of closing, unless a later one is reached; from now on closing may take {@link #LINGER}. */
    protected final void closing(CloseState next) {
        assert loop.isCurrent();
        if (next.compareTo(state) > 0) {
            state = next;
        }
        if (linger == null && state != CloseState.CLOSED) {
            linger = loop.schedule(LINGER, this::abort);
        }
        flushed();
    }

    @Override
    public final void flushed() {
        assert loop.isCurrent();
        switch (state) {
            case FLUSHING -> {
                if (isFlushed()) {
                    state = CloseState.OUTPUT_SHUT;
                    shutdownOutput();
                }
            }
            case BOTH_CLOSED, INPUT_ENDED -> {
                if (isFlushed()) {
                    abort();
                }
            }
            case OPEN, CLOSE_RECEIVED, CLOSE_SENT, OUTPUT_SHUT, CLOSED -> {}
        }
    }

    private boolean isFlushed() {
        return session().isFlushed() && (tls == null || !tls.hasPending());
    }

    /** The peer reads everything before it sees the end. */
    private void shutdownOutput() {
        try {
            if (tls != null) {
                tls.shutdownOutput();
                awaitPending();
            } else {
                ((SocketChannel) grizzly.getChannel()).shutdownOutput();
            }
        } catch (IOException e) {
            logFailure(e);
            abort();
        }
    }

    @Override
    public final void abort() {
        assert loop.isCurrent();
        if (tls != null && session != null && isFlushed()) {
            // close_notify assures the peer that nothing is missing
            try {
                tls.sendCloseNotify();
            } catch (IOException | RuntimeException e) {
                LOG.trace("no close_notify for {}", this, e);
            }
        }
        grizzly.terminateSilently();
    }

    /** Runs an action of this connection; an exception out of it ends the connection, and is logged when it is a bug. */
    protected final void guard(Action action) {
        guard(grizzly, action);
    }

    @Override
    protected final void terminate(org.glassfish.grizzly.Connection<?> connection) {
        abort();
    }

    // ---- the client -----------------------------------------------------------------------------------------------

    /** The peer's TLS certificates, verified, its own first; empty without. */
    protected final List<X509Certificate> certificates() {
        return tls == null ? List.of() : tls.certificates();
    }

    @Override
    public final void connected() {
        accepted.connected();
    }

    /** The client's IP address, as a trusted proxy in front tells it. */
    protected final String address() {
        return accepted.client().getHostAddress();
    }

    @Override
    public Handshake handshake() {
        return new Handshake(address(), Map.of(), certificates());
    }

    @Override
    public final String peer() {
        return accepted.toString();
    }

    @Override
    public final String toString() {
        return "peer=" + peer();
    }
}
