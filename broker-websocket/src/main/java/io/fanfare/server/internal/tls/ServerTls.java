package io.fanfare.server.internal.tls;

import io.fanfare.files.FileWatcher;
import io.fanfare.files.UnreadableFileException;
import io.fanfare.files.UnreadableFileException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the TLS engines of a server, with the certificates that its files hold now, or did two seconds ago. Any thread may
 * call it.
 */
public final class ServerTls implements Supplier<CompletableFuture<SSLEngine>> {

    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(2);

    private final TlsPaths paths;
    private final SSLParameters demands;
    private final Executor worker;
    private final FileWatcher watcher;
    private final FileWatcher.Listener listener = new FileWatcher.Listener() {
        @Override
        public void changed(List<byte[]> contents) {
            try {
                context = new TlsFiles(paths, contents).context();
            } catch (IOException e) {
                warn(e);
            }
        }

        @Override
        public void unreadable(UnreadableFileException reason) {
            warn(refused(reason));
        }
    };
    private volatile SSLContext context;

    /**
     * Reads the files.
     *
     * @param demands protocols, and whether clients are asked for a certificate; the rest of it is ignored
     * @param worker reads the files again
     * @throws IOException when a file cannot be used; its message names it and the reason
     */
    public ServerTls(TlsPaths paths, SSLParameters demands, Executor worker) throws IOException {
        this(paths, demands, worker, LOOK_INTERVAL);
    }

    ServerTls(TlsPaths paths, SSLParameters demands, Executor worker, Duration lookInterval) throws IOException {
        this.paths = paths;
        this.demands = demands;
        this.worker = worker;
        this.watcher = new FileWatcher(TlsFiles.of(paths), lookInterval, FileWatcher.Settling.FIRST_LOOK);
        try {
            this.context = new TlsFiles(paths, watcher.read()).context();
        } catch (UnreadableFileException e) {
            throw refused(e);
        }
    }

    private static IOException refused(UnreadableFileException why) {
        boolean isPlain = why.reason() == Reason.MISSING || why.getCause() == null;
        return new IOException("cannot read " + why.file() + ": " + (isPlain ? why.getMessage() : why.getCause()), why);
    }

    private static void warn(IOException why) {
        LOG.warn("tls goes on with its old certificate: {}", why.getMessage());
    }

    /** An engine; where it is time to look at the files, one with what they hold, when the worker has read them. */
    @Override
    public CompletableFuture<SSLEngine> get() {
        // without a connection for a week, the first one would be shown the certificate of last week
        return watcher.lookSoon(worker, listener).thenApply(looked -> newEngine());
    }

    private SSLEngine newEngine() {
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
}
