package io.fanfare.server.internal.tls;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the TLS engines of a server, with the certificates that its files hold now, or did some seconds ago. Any thread
 * may call it.
 */
public final class ServerTls implements Supplier<SSLEngine> {

    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private static final long CHECK_NANOS = Duration.ofSeconds(2).toNanos();

    private final TlsPaths paths;
    private final SSLParameters demands;
    private final Executor worker;
    private final AtomicLong nextCheck = new AtomicLong(System.nanoTime() + CHECK_NANOS);
    private volatile SSLContext context;

    /** Digest of the files that were read last, valid or not; a check is over long before the next. */
    private volatile byte[] digest;

    private volatile String problem = "";

    /**
     * Reads the files.
     *
     * @param demands protocols, and whether clients are asked for a certificate; the rest of it is ignored
     * @param worker reads the files again
     * @throws IOException when a file cannot be used; its message names it and the reason
     */
    public ServerTls(TlsPaths paths, SSLParameters demands, Executor worker) throws IOException {
        this.paths = paths;
        this.demands = demands;
        this.worker = worker;
        TlsFiles files = TlsFiles.read(paths);
        this.context = files.context();
        this.digest = files.digest();
    }

    @Override
    public SSLEngine get() {
        long due = nextCheck.get();
        if (System.nanoTime() - due >= 0 && nextCheck.compareAndSet(due, System.nanoTime() + CHECK_NANOS)) {
            worker.execute(this::check);
        }
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(demands.getProtocols());
        // the setters exclude each other
        if (demands.getNeedClientAuth()) {
            parameters.setNeedClientAuth(true);
        } else {
            parameters.setWantClientAuth(demands.getWantClientAuth());
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Takes new contents; when they cannot be used, that is logged once, and the old ones stay in use. */
    private void check() {
        try {
            TlsFiles files = TlsFiles.read(paths);
            byte[] found = files.digest();
            if (!Arrays.equals(found, digest)) {
                digest = found;
                context = files.context();
            }
            problem = "";
        } catch (IOException e) {
            String found = String.valueOf(e.getMessage());
            if (!found.equals(problem)) {
                problem = found;
                LOG.warn("tls goes on with its old certificate: {}", found);
            }
        }
    }
}
