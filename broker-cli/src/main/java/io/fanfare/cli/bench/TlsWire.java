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

/** A socket under TLS, whose handshake goes on with every call; what the socket does not take yet waits in here. */
final class TlsWire implements Wire {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final TlsChannel tls;

    /** What was handed over has not left whole. */
    private boolean pending;

    /** Nothing can be written before the broker has said more. */
    private boolean listening;

    private TlsWire(TlsChannel tls) {
        this.tls = tls;
    }

    /** A wire over a socket that connects; the certificate must be the URL's host's (RFC 2818 3.1). */
    static TlsWire over(SocketChannel socket, Plan plan) throws IOException {
        SSLEngine engine = context(plan).createSSLEngine(plan.url().getHost(), plan.port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return new TlsWire(ClientTlsChannel.newBuilder(socket, engine).build());
    }

    private static SSLContext context(Plan plan) throws IOException {
        if (plan.trust().isPresent()) {
            return plan.trust().get();
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
