package io.fanfare.server.tls;

import io.fanfare.files.FileWatcher;
import io.fanfare.files.UnreadableFileException;
import io.fanfare.files.UnreadableFileException.Reason;
import io.fanfare.server.TlsOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the server's side of TLS connections, with the certificates that the files hold now, or did some seconds ago. Any
 * thread may call it.
 */
public final class ServerTls implements Supplier<SSLEngine> {

    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(2);

    private final TlsOptions options;
    private final Executor worker;
    private final FileWatcher watcher;
    private final FileWatcher.Listener listener = new FileWatcher.Listener() {
        @Override
        public void changed(List<byte[]> contents) {
            try {
                context = new TlsFiles(options, contents).context();
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
     * @param worker reads them again
     * @throws IOException when the files are no good; its message says which and why
     */
    public ServerTls(TlsOptions options, Executor worker) throws IOException {
        this.options = options;
        this.worker = worker;
        this.watcher = new FileWatcher(TlsFiles.of(options), LOOK_INTERVAL, FileWatcher.Settling.FIRST_LOOK);
        try {
            this.context = new TlsFiles(options, watcher.read()).context();
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

    @Override
    public SSLEngine get() {
        watcher.lookSoon(worker, listener);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(options.protocols().toArray(String[]::new));
        switch (options.clientAuth()) {
            case NONE -> {}
            case WANT -> parameters.setWantClientAuth(true);
            case NEED -> parameters.setNeedClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }
}
