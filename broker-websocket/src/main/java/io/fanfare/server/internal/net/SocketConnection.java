package io.fanfare.server.internal.net;

import io.fanfare.broker.Broker;
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
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket, its loop and its session: reads from the channel into the loop's buffer, and writes what the session's
 * outbox gives it. Owned by its loop.
 */
public abstract class SocketConnection extends SocketProcessor implements Connection {

    private static final Logger LOG = LoggerFactory.getLogger(SocketConnection.class);

    /** How long a peer gets to take the last bytes and to answer our goodbye. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    private final TCPNIOConnection grizzly;
    private final SocketChannel socket;
    private final @Nullable TlsChannel tls;

    /** What bytes are read from and written to: the TLS, or the socket itself. */
    private final ByteChannel channel;

    private final SelectorLoop loop;
    private final AcceptedSocket accepted;
    private final String peer;
    private final Session session;
    private @Nullable Timer linger;
    private boolean inputEnded;
    private boolean finishing;
    private boolean closed;

    /** Takes over an open connection; called on its loop's thread. */
    protected SocketConnection(Broker broker, SelectorLoop loop, TCPNIOConnection grizzly) {
        this.grizzly = grizzly;
        this.socket = (SocketChannel) grizzly.getChannel();
        this.tls = TlsChannel.of(grizzly);
        this.channel = tls != null ? tls : socket;
        this.loop = loop;
        this.accepted = AcceptedSocket.of(grizzly);
        this.peer = accepted.toString();
        this.session = broker.open(loop, this);
        awaitPending();
    }

    public final Session session() {
        return session;
    }

    protected final SelectorLoop loop() {
        return loop;
    }

    @Override
    protected final void onEvent(IOEvent event, org.glassfish.grizzly.Connection<?> connection) {
        switch (event) {
            case READ -> read();
            case WRITE -> writable();
            case CLOSED -> {
                if (loop.isCurrent()) {
                    ended();
                } else {
                    loop.execute(this::ended);
                }
            }
            default -> LOG.trace("{} {}", event, this);
        }
    }

    private void read() {
        ByteBuffer bytes = loop.readBuffer();
        int count;
        try {
            count = channel.read(bytes);
        } catch (IOException e) {
            abort();
            return;
        }
        if (count > 0) {
            session.alive();
            try {
                received(bytes.flip());
                session.expectRest();
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                LOG.error("bug while reading from {}", this, e);
                abort();
            }
        }
        if (count < 0 || (tls != null && tls.isInputEnded())) {
            peerClosed();
        }
        awaitPending();
    }

    /**
     * Takes bytes from the peer.
     *
     * @param bytes a direct buffer, valid only during the call
     */
    protected abstract void received(ByteBuffer bytes);

    /** The peer has ended its side; what waits for it may still get there. */
    private void peerClosed() {
        if (inputEnded || isFlushed()) {
            abort();
            return;
        }
        inputEnded = true;
        try {
            grizzly.disableIOEvent(IOEvent.READ);
        } catch (IOException e) {
            abort();
            return;
        }
        session.close(CloseCode.NORMAL, "");
        finish();
    }

    @Override
    public final int write(ByteBuffer bytes) {
        try {
            int taken = channel.write(bytes);
            awaitPending();
            return taken;
        } catch (IOException e) {
            // a broken pipe counts as full: the session keeps its bytes until it is told of the end, which comes now
            loop.execute(this::abort);
            return 0;
        }
    }

    @Override
    public final void awaitWritable() {
        try {
            grizzly.enableIOEvent(IOEvent.WRITE);
        } catch (IOException e) {
            loop.execute(this::abort);
        }
    }

    /** What has been encrypted leaves in any case, whether or not the session has more. */
    private void awaitPending() {
        if (tls != null && tls.hasPending()) {
            awaitWritable();
        }
    }

    private void writable() {
        try {
            grizzly.disableIOEvent(IOEvent.WRITE);
            if (tls != null) {
                tls.flush();
                awaitPending();
                flushed();
            }
            session.writable();
        } catch (IOException e) {
            abort();
        }
    }

    @Override
    public final void suspendReading() {
        if (!closed) {
            try {
                grizzly.disableIOEvent(IOEvent.READ);
            } catch (IOException e) {
                loop.execute(this::abort);
            }
        }
    }

    @Override
    public final void resumeReading() {
        if (!closed && !inputEnded) {
            try {
                grizzly.enableIOEvent(IOEvent.READ);
            } catch (IOException e) {
                loop.execute(this::abort);
            }
        }
    }

    /** Waits a while for the peer to close; then cuts. */
    protected final void linger() {
        if (linger == null && !closed) {
            linger = loop.schedule(LINGER, this::abort);
        }
    }

    /** Ends the connection as soon as everything has been written. */
    protected final void finish() {
        finishing = true;
        linger();
        flushed();
    }

    @Override
    public final void flushed() {
        if (finishing && !closed && isFlushed()) {
            if (inputEnded) {
                abort();
            } else {
                end();
            }
        }
    }

    private boolean isFlushed() {
        return session.isFlushed() && (tls == null || !tls.hasPending());
    }

    /** Everything has been written; by default the connection ends here. */
    protected void end() {
        abort();
    }

    /** Closes the sending side only, so that the peer reads everything before it sees the end. */
    protected final void shutdownOutput() {
        try {
            if (tls != null) {
                tls.shutdownOutput();
                awaitPending();
            } else {
                socket.shutdownOutput();
            }
        } catch (IOException e) {
            abort();
        }
    }

    @Override
    public final void abort() {
        // close_notify says that nothing is missing
        if (tls != null && isFlushed()) {
            try {
                tls.sendCloseNotify();
            } catch (IOException e) {
                LOG.trace("no close_notify for {}", this, e);
            }
        }
        grizzly.terminateSilently();
    }

    private void ended() {
        if (!closed) {
            closed = true;
            if (linger != null) {
                linger.cancel();
            }
            session.closed();
            onEnd();
        }
    }

    /** The connection is gone. */
    protected void onEnd() {}

    /** The peer's TLS certificates, verified, its own first; empty without. */
    protected final List<X509Certificate> certificates() {
        return tls == null ? List.of() : tls.certificates();
    }

    @Override
    public final void connected() {
        accepted.connected();
    }

    /** The client's IP address, as a proxy in front says when it is trusted. */
    protected final String address() {
        return accepted.client().getHostAddress();
    }

    @Override
    public Handshake handshake() {
        return new Handshake(address(), Map.of(), certificates());
    }

    @Override
    public final String peer() {
        return peer;
    }

    @Override
    public final String toString() {
        return "peer=" + peer;
    }
}
