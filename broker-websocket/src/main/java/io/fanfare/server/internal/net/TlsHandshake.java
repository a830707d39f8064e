package io.fanfare.server.internal.net;

import io.fanfare.frame.Printable;
import io.fanfare.loop.Timer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLException;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Context;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.Processor;
import org.glassfish.grizzly.ProcessorExecutor;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time between accept and the first encrypted byte: takes a connection's events until its TLS handshake is done, and
 * gives it back then. Owned by the connection's loop; signatures are computed elsewhere.
 */
final class TlsHandshake extends SocketProcessor {

    private static final Logger LOG = LoggerFactory.getLogger(TlsHandshake.class);

    private final TlsListener listener;
    private final TCPNIOConnection grizzly;
    private final SelectorLoop loop;
    private final TlsChannel channel;
    private final Processor<?> before;
    private final byte[] plainAnswer;
    private final Runnable done;
    private final String peer;
    private final Timer deadline;
    private boolean failed;
    private boolean closed;

    /** Begins when made; called on the connection's loop. */
    TlsHandshake(TlsListener listener, TCPNIOConnection grizzly, SelectorLoop loop, byte[] plainAnswer, Runnable done)
            throws SSLException {
        this.listener = listener;
        this.grizzly = grizzly;
        this.loop = loop;
        this.channel = new TlsChannel(grizzly, loop, listener.newEngine());
        this.before = grizzly.getProcessor();
        this.plainAnswer = plainAnswer;
        this.done = done;
        this.peer = Arrival.of(grizzly).toString();
        this.deadline = loop.schedule(listener.timeout(), grizzly::terminateSilently);
        grizzly.setProcessor(this);
    }

    @Override
    protected void on(IOEvent event, Connection<?> connection) {
        switch (event) {
            case READ -> advance();
            case WRITE -> writable();
            case CLOSED -> {
                closed = true;
                deadline.cancel();
                // who has seen the connection come shall see it go
                grizzly.setProcessor(before);
                pass(event);
            }
            default -> LOG.trace("{} {}", event, grizzly);
        }
    }

    private void advance() {
        if (closed) {
            return;
        }
        if (failed) {
            discard();
            return;
        }
        try {
            switch (channel.handshake()) {
                case NEEDS_BYTES -> {}
                case NEEDS_ROOM -> grizzly.enableIOEvent(IOEvent.WRITE);
                case NEEDS_TASK -> compute();
                case DONE -> finish();
            }
        } catch (SSLException e) {
            fail(e);
        } catch (IOException e) {
            // a port scan, or somebody who looks whether the port is open
            grizzly.terminateSilently();
        } catch (RuntimeException e) {
            LOG.error("bug in the TLS handshake with {}", peer, e);
            grizzly.terminateSilently();
        }
    }

    /** Milliseconds of arithmetic; the loop's other connections do not wait for it. */
    private void compute() throws IOException {
        grizzly.disableIOEvent(IOEvent.READ);
        listener.worker().execute(() -> {
            if (grizzly.isOpen()) {
                channel.runTasks();
            }
            loop.execute(this::computed);
        });
    }

    private void computed() {
        if (closed) {
            return;
        }
        try {
            grizzly.enableIOEvent(IOEvent.READ);
            advance();
        } catch (IOException e) {
            grizzly.terminateSilently();
        }
    }

    private void writable() {
        try {
            grizzly.disableIOEvent(IOEvent.WRITE);
            advance();
        } catch (IOException e) {
            grizzly.terminateSilently();
        }
    }

    private void finish() {
        deadline.cancel();
        grizzly.setProcessor(before);
        done.run();
        if (channel.hasEarly()) {
            pass(IOEvent.READ);
        }
    }

    /** Says why, and closes the sending side only: a plain close would take the alert with it when more is coming in. */
    private void fail(SSLException why) {
        LOG.info("refused peer={} reason=tls detail={}", peer, Printable.of(String.valueOf(why.getMessage())));
        failed = true;
        try {
            if (channel.speaksPlainly()) {
                socket().write(ByteBuffer.wrap(plainAnswer));
                socket().shutdownOutput();
            } else {
                channel.shutdownOutput();
            }
        } catch (IOException e) {
            grizzly.terminateSilently();
        }
    }

    /** The peer gets until the deadline to read the alert and go. */
    private void discard() {
        ByteBuffer nowhere = loop.encryptedIn();
        try {
            if (socket().read(nowhere) < 0) {
                grizzly.terminateSilently();
            }
        } catch (IOException e) {
            grizzly.terminateSilently();
        }
    }

    private SocketChannel socket() {
        return (SocketChannel) grizzly.getChannel();
    }

    private void pass(IOEvent event) {
        ProcessorExecutor.execute(Context.create(grizzly, grizzly.getProcessor(), event, null));
    }
}
