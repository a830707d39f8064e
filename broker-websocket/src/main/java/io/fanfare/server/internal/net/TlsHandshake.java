package io.fanfare.server.internal.net;

import io.fanfare.frame.Printable;
import io.fanfare.statistics.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Context;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.Processor;
import org.glassfish.grizzly.ProcessorExecutor;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS handshake of one connection: takes the connection's events until the handshake is done, then gives them back to
 * the processor before. Owned by the connection's loop; signatures are computed on another thread.
 */
final class TlsHandshake extends SocketProcessor {

    private static final Logger LOG = LoggerFactory.getLogger(TlsHandshake.class);

    private enum State {
        /** The server's certificate is being read: the peer's bytes stay in the socket. */
        WAITING,
        HANDSHAKING,
        /** An alert, or an answer in plain text, has been sent: what comes in is thrown away. */
        REFUSED,
        CLOSED
    }

    private final TlsListener listener;
    private final TCPNIOConnection grizzly;
    private final SelectorLoop loop;
    private final Processor<?> next;
    private final byte[] plaintextAnswer;
    private final Runnable done;
    private final AcceptedSocket accepted;
    private final String peer;
    private final ClientTime time;
    private State state = State.WAITING;

    /** Null while waiting. */
    private @Nullable TlsChannel channel;

    private TlsHandshake(
            TlsListener listener, TCPNIOConnection grizzly, SelectorLoop loop, byte[] plaintextAnswer, Runnable done) {
        this.listener = listener;
        this.grizzly = grizzly;
        this.loop = loop;
        this.next = grizzly.getProcessor();
        this.plaintextAnswer = plaintextAnswer;
        this.done = done;
        this.accepted = AcceptedSocket.of(grizzly);
        this.peer = accepted.toString();
        this.time = ClientTime.begin(loop, listener.timeout(), this::takesTooLong);
    }

    /** Begins; called on the connection's loop. See {@link TlsListener#begin}. */
    static void begin(
            TlsListener listener, TCPNIOConnection grizzly, SelectorLoop loop, byte[] plaintextAnswer, Runnable done)
            throws SSLException {
        TlsHandshake handshake = new TlsHandshake(listener, grizzly, loop, plaintextAnswer, done);
        grizzly.setProcessor(handshake);
        CompletableFuture<SSLEngine> engine = listener.newEngine();
        if (engine.isDone()) {
            handshake.start(engine);
        } else {
            handshake.time.pause();
            engine.whenComplete((made, failure) ->
                    loop.execute(() -> handshake.guard(grizzly, () -> handshake.startAfterWaiting(engine))));
        }
    }

    private void takesTooLong() {
        if (state != State.REFUSED) {
            accepted.refused(Refusal.TIMEOUT, "the TLS handshake took longer than handshake_timeout");
        }
        grizzly.terminateSilently();
    }

    private void startAfterWaiting(CompletableFuture<SSLEngine> engine) throws IOException {
        if (state == State.WAITING) {
            start(engine);
            grizzly.enableIOEvent(IOEvent.READ);
        }
    }

    private void start(CompletableFuture<SSLEngine> engine) throws SSLException {
        assert loop.isCurrent();
        channel = TlsChannel.begin(grizzly, loop, engine.join());
        state = State.HANDSHAKING;
        time.run();
    }

    private TlsChannel channel() {
        return Objects.requireNonNull(channel);
    }

    @Override
    protected void onEvent(IOEvent event, Connection<?> connection) throws IOException {
        switch (event) {
            case READ -> advance();
            case WRITE -> writable();
            case CLOSED -> loop.runOrExecute(this::closed);
            default -> LOG.trace("{} {}", event, grizzly);
        }
    }

    private void closed() {
        assert loop.isCurrent();
        state = State.CLOSED;
        time.end();
        // the processor that has seen the connection open must see it close
        grizzly.setProcessor(next);
        dispatch(IOEvent.CLOSED);
    }

    private void advance() throws IOException {
        assert loop.isCurrent();
        switch (state) {
            case WAITING -> grizzly.disableIOEvent(IOEvent.READ);
            case HANDSHAKING -> handshake();
            case REFUSED -> discardInput();
            case CLOSED -> {}
        }
    }

    private void handshake() throws IOException {
        try {
            switch (channel().handshake()) {
                case NEEDS_BYTES -> {}
                case NEEDS_ROOM -> grizzly.enableIOEvent(IOEvent.WRITE);
                case NEEDS_TASK -> computeElsewhere();
                case DONE -> finish();
            }
        } catch (SSLException e) {
            // other I/O errors are port scans, or probes whether the port is open
            refuse(e);
        }
    }

    /** Milliseconds of arithmetic; the loop's other connections do not wait for it. */
    private void computeElsewhere() throws IOException {
        grizzly.disableIOEvent(IOEvent.READ);
        time.pause();
        listener.worker().execute(() -> {
            try {
                if (grizzly.isOpen()) {
                    channel().runTasks();
                }
                loop.execute(() -> guard(grizzly, this::computed));
            } catch (RuntimeException | Error e) {
                logFailure(e);
                loop.execute(grizzly::terminateSilently);
            }
        });
    }

    private void computed() throws IOException {
        if (state != State.CLOSED) {
            time.run();
            grizzly.enableIOEvent(IOEvent.READ);
            advance();
        }
    }

    private void writable() throws IOException {
        grizzly.disableIOEvent(IOEvent.WRITE);
        advance();
    }

    private void finish() {
        time.end();
        grizzly.setProcessor(next);
        done.run();
        if (channel().hasUndecrypted()) {
            dispatch(IOEvent.READ);
        }
    }

    /** Sends the reason and shuts the sending side only: a plain close would reset the connection and lose the alert. */
    private void refuse(SSLException why) throws IOException {
        String detail = Printable.of(String.valueOf(why.getMessage()));
        accepted.refused(Refusal.TLS, detail);
        LOG.info("refused peer={} reason=tls detail={}", peer, detail);
        state = State.REFUSED;
        if (channel().isPlaintext()) {
            socket().write(ByteBuffer.wrap(plaintextAnswer));
            socket().shutdownOutput();
        } else {
            channel().shutdownOutput();
        }
    }

    /** The peer has until the deadline to read the alert and to close. */
    private void discardInput() throws IOException {
        if (socket().read(loop.tlsReadBuffer()) < 0) {
            grizzly.terminateSilently();
        }
    }

    /** For logs. */
    @Override
    public String toString() {
        return "TLS handshake of peer=" + peer;
    }

    private SocketChannel socket() {
        return (SocketChannel) grizzly.getChannel();
    }

    private void dispatch(IOEvent event) {
        ProcessorExecutor.execute(Context.create(grizzly, grizzly.getProcessor(), event, null));
    }
}
