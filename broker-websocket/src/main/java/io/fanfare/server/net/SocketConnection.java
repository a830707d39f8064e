package io.fanfare.server.net;

import io.fanfare.broker.Broker;
import io.fanfare.broker.Connection;
import io.fanfare.broker.Handshake;
import io.fanfare.broker.Session;
import io.fanfare.broker.Timer;
import io.fanfare.frame.CloseCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
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
    private final SocketChannel channel;
    private final SelectorLoop loop;
    private final Arrival arrival;
    private final String peer;
    private final Session session;
    private @Nullable Timer linger;
    private boolean inputEnded;
    private boolean finishing;
    private boolean closed;

    /** Takes over an open connection; called on its loop's thread. */
    protected SocketConnection(Broker broker, SelectorLoop loop, TCPNIOConnection grizzly) {
        this.grizzly = grizzly;
        this.channel = (SocketChannel) grizzly.getChannel();
        this.loop = loop;
        this.arrival = Arrival.of(grizzly);
        this.peer = arrival.toString();
        this.session = broker.open(loop, this);
    }

    public final Session session() {
        return session;
    }

    protected final SelectorLoop loop() {
        return loop;
    }

    @Override
    protected final void on(IOEvent event, org.glassfish.grizzly.Connection<?> connection) {
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
        ByteBuffer bytes = loop.received();
        int count;
        try {
            count = channel.read(bytes);
        } catch (IOException e) {
            abort();
            return;
        }
        if (count < 0) {
            peerClosed();
        } else if (count > 0) {
            session.alive();
            try {
                received(bytes.flip());
                session.expectRest();
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                LOG.error("bug while reading from {}", this, e);
                abort();
            }
        }
    }

    /**
     * Takes bytes from the peer.
     *
     * @param bytes a direct buffer, valid only during the call
     */
    protected abstract void received(ByteBuffer bytes);

    /** The peer has ended its side; what waits for it may still get there. */
    private void peerClosed() {
        if (inputEnded || session.isFlushed()) {
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
            return channel.write(bytes);
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

    private void writable() {
        try {
            grizzly.disableIOEvent(IOEvent.WRITE);
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
        if (finishing && !closed && session.isFlushed()) {
            if (inputEnded) {
                abort();
            } else {
                end();
            }
        }
    }

    /** Everything has been written; by default the connection ends here. */
    protected void end() {
        abort();
    }

    /** Closes the sending side only, so that the peer reads everything before it sees the end. */
    protected final void shutdownOutput() {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            abort();
        }
    }

    @Override
    public final void abort() {
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

    @Override
    public final void connected() {
        arrival.connected();
    }

    /** The client's IP address, as a proxy in front says when it is trusted. */
    protected final String address() {
        return arrival.client().getHostAddress();
    }

    @Override
    public Handshake handshake() {
        return Handshake.from(address());
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
