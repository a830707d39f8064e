package io.fanfare.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import tlschannel.ClientTlsChannel;
import tlschannel.NeedsReadException;
import tlschannel.NeedsWriteException;
import tlschannel.TlsChannel;

/**
 * A socket under TLS. Every call continues the handshake; encrypted bytes that the socket does not take wait in here.
 */
final class TlsTransport implements Transport {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final TlsChannel tls;

    /** Encrypted bytes wait for the socket. */
    private boolean pending;

    /** Nothing can be written before more has been read: the handshake waits for the broker. */
    private boolean listening;

    private TlsTransport(TlsChannel tls) {
        this.tls = tls;
    }

    /** Wraps a socket; the broker's certificate must be valid for the URL's host (RFC 2818 3.1). */
    static TlsTransport over(SocketChannel socket, Workload workload) throws IOException {
        SSLEngine engine = context(workload).createSSLEngine(workload.url().getHost(), workload.port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return new TlsTransport(ClientTlsChannel.newBuilder(socket, engine).build());
    }

    private static SSLContext context(Workload workload) throws IOException {
        if (workload.trust().isPresent()) {
            return workload.trust().get();
        }
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("this Java has no TLS: " + e.getMessage(), e);
        }
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        try {
            return tls.read(to);
        } catch (NeedsReadException e) {
            return 0;
        } catch (NeedsWriteException e) {
            pending = true;
            return 0;
        }
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int before = from.position();
        pending = false;
        listening = false;
        try {
            tls.write(from);
        } catch (NeedsReadException e) {
            listening = true;
        } catch (NeedsWriteException e) {
            pending = true;
        }
        return from.position() - before;
    }

    @Override
    public void flush() throws IOException {
        if (pending) {
            write(NOTHING);
        }
    }

    @Override
    public boolean mayHoldMore() {
        return true;
    }

    @Override
    public int interest(int wanted) {
        if (pending) {
            return wanted | SelectionKey.OP_WRITE;
        }
        return listening ? SelectionKey.OP_READ : wanted;
    }
}
