package io.fanfare.server.internal.net;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins the TLS handshakes of a server's connections. Immutable; each loop may call it. */
public final class TlsListener {

    private static final Logger LOG = LoggerFactory.getLogger(TlsListener.class);

    private final EventLoops loops;
    private final Supplier<CompletableFuture<SSLEngine>> engines;
    private final Executor worker;
    private final Duration timeout;

    /**
     * TLS for any number of listeners.
     *
     * @param engines creates the server's engine of a connection, with all that it demands of clients, now or soon
     * @param worker computes signatures
     * @param timeout how long a handshake may take
     */
    public TlsListener(
            EventLoops loops, Supplier<CompletableFuture<SSLEngine>> engines, Executor worker, Duration timeout) {
        this.loops = loops;
        this.engines = engines;
        this.worker = worker;
        this.timeout = timeout;
    }

    /**
     * Begins the handshake of a new connection; called on its loop. Until that is done, the connection's processor gets no
     * event but {@link org.glassfish.grizzly.IOEvent#CLOSED}.
     *
     * @param plaintextAnswer sent to a client that begins in plain text instead
     * @param done run on the loop; from then on {@link TlsChannel#of} is the channel to read and write
     */
    public void begin(TCPNIOConnection connection, byte[] plaintextAnswer, Runnable done) {
        try {
            TlsHandshake.begin(this, connection, loops.of(connection), plaintextAnswer, done);
        } catch (SSLException | RuntimeException e) {
            LOG.error("no TLS for {}", connection.getPeerAddress(), e);
            connection.terminateSilently();
        }
    }

    CompletableFuture<SSLEngine> newEngine() {
        return engines.get();
    }

    Executor worker() {
        return worker;
    }

    Duration timeout() {
        return timeout;
    }
}
