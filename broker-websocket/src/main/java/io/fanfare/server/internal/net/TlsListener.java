package io.fanfare.server.internal.net;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the TLS connections of a server have in common. Knows no state; each loop may call it. */
public final class TlsListener {

    private static final Logger LOG = LoggerFactory.getLogger(TlsListener.class);

    private final EventLoops loops;
    private final Supplier<SSLEngine> engines;
    private final Executor worker;
    private final Duration timeout;

    /**
     * TLS for any number of listeners.
     *
     * @param engines makes the server's side of a connection, with all that it demands of clients
     * @param worker computes signatures
     * @param timeout how long a handshake may take
     */
    public TlsListener(EventLoops loops, Supplier<SSLEngine> engines, Executor worker, Duration timeout) {
        this.loops = loops;
        this.engines = engines;
        this.worker = worker;
        this.timeout = timeout;
    }

    /**
     * Has a new connection make its handshake; called on its loop. Until that is done, the connection's processor sees
     * neither what is read nor what can be written, but still its end.
     *
     * @param plainAnswer sent to who begins with text instead
     * @param done run on the loop; from then on {@link TlsChannel#of} is what to read and write
     */
    public void begin(TCPNIOConnection connection, byte[] plainAnswer, Runnable done) {
        try {
            new TlsHandshake(this, connection, loops.of(connection), plainAnswer, done);
        } catch (SSLException | RuntimeException e) {
            LOG.error("no TLS for {}", connection.getPeerAddress(), e);
            connection.terminateSilently();
        }
    }

    SSLEngine newEngine() {
        return engines.get();
    }

    Executor worker() {
        return worker;
    }

    Duration timeout() {
        return timeout;
    }
}
