package io.fanfare.server.internal.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.jspecify.annotations.Nullable;

/**
 * A TLS connection over a socket, without blocking: encrypts what is written and decrypts what is read. Works in its loop's
 * buffers and keeps only what is incomplete: the beginning of a record that has come, and encrypted bytes that the socket
 * has not taken. Owned by its loop.
 */
public final class TlsChannel implements ByteChannel {

    private static final Attribute<TlsChannel> ATTRIBUTE =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute(TlsChannel.class.getName());

    /** No record is longer, not even those of peers that do not keep to the standard. */
    static final int MAX_RECORD_BYTES = 34 << 10;

    /**
     * Records without data that a peer may send in a connection's life. An honest one sends a KeyUpdate after gigabytes;
     * each of a flood costs new keys and an answer.
     */
    private static final int MAX_EMPTY_RECORDS = 1000;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What the handshake waits for. */
    enum Progress {
        /** The peer's next message. */
        NEEDS_BYTES,
        /** Room in the socket. */
        NEEDS_ROOM,
        /** A computation, of a signature say. */
        NEEDS_TASK,
        DONE
    }

    private final SocketChannel socket;
    private final SelectorLoop loop;
    private final SSLEngine engine;
    private List<X509Certificate> certificates = List.of();

    /** Encrypted bytes that have come: the beginning of a record; right after the handshake there may be more. */
    private ByteBuffer undecrypted = NOTHING;

    /** Encrypted bytes on their way to the socket. */
    private final PendingOutput output;

    private boolean recordReceived;
    private boolean handshaken;
    private boolean inputEnded;
    private boolean closeNotifySent;
    private int emptyRecords;

    TlsChannel(SocketChannel socket, SelectorLoop loop, SSLEngine engine) {
        this.socket = socket;
        this.loop = loop;
        this.engine = engine;
        this.output = new PendingOutput(socket);
    }

    /** Puts the server's side of TLS on a new connection, before its handshake. */
    static TlsChannel begin(TCPNIOConnection connection, SelectorLoop loop, SSLEngine engine) throws SSLException {
        TlsChannel channel = new TlsChannel((SocketChannel) connection.getChannel(), loop, engine);
        engine.beginHandshake();
        ATTRIBUTE.set(connection, channel);
        return channel;
    }

    /** The TLS channel of a connection; null without TLS. */
    public static @Nullable TlsChannel of(Connection<?> connection) {
        return ATTRIBUTE.get(connection);
    }

    // ---- handshake ------------------------------------------------------------------------------------------------

    /** Continues the handshake as far as it can. */
    Progress handshake() throws IOException {
        assert loop.isCurrent();
        while (flush()) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    return Progress.NEEDS_TASK;
                }
                case NEED_WRAP -> {
                    if (!wrap()) {
                        throw closedDuringHandshake();
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!unwrap()) {
                        return Progress.NEEDS_BYTES;
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    handshaken = true;
                    certificates = peerCertificates();
                    return Progress.DONE;
                }
            }
        }
        return Progress.NEEDS_ROOM;
    }

    /** Computes what {@link Progress#NEEDS_TASK} asks for; called by another thread, while the loop does not touch this. */
    void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /** Unwraps one record of the handshake, or reads more bytes; false when there are none. */
    private boolean unwrap() throws IOException {
        ByteBuffer in = loop.tlsReadBuffer().put(undecrypted.rewind()).flip();
        SSLEngineResult result = engine.unwrap(in, loop.readBuffer());
        boolean more = true;
        recordReceived |= result.bytesConsumed() > 0;
        if (result.getStatus() == Status.CLOSED) {
            throw closedDuringHandshake();
        }
        if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
            // not more than a record: an unauthenticated peer shall not make us keep much
            in.position(in.limit()).limit(MAX_RECORD_BYTES);
            int count = socket.read(in);
            if (count < 0) {
                throw new ClosedChannelException();
            }
            more = count > 0;
            in.flip();
        }
        undecrypted = PendingOutput.copy(in);
        return more;
    }

    private static SSLException closedDuringHandshake() {
        return new SSLException("closed during the handshake");
    }

    /** Whether the peer has begun in plain text, HTTP or STOMP, as if the port had no TLS. */
    boolean isPlaintext() {
        return !recordReceived && undecrypted.limit() > 0 && undecrypted.get(0) >= 'A' && undecrypted.get(0) <= 'Z';
    }

    private List<X509Certificate> peerCertificates() {
        try {
            return Arrays.stream(engine.getSession().getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    /** The peer's certificates, verified by the handshake, its own first; empty without. */
    List<X509Certificate> certificates() {
        return certificates;
    }

    /** Whether the calling thread is that of the channel's loop. */
    boolean isInLoop() {
        return loop.isCurrent();
    }

    boolean isHandshaken() {
        return handshaken;
    }

    // ---- in -------------------------------------------------------------------------------------------------------

    /** Whether bytes came right behind the handshake, which the selector will not report. */
    boolean hasUndecrypted() {
        return undecrypted.limit() > 0;
    }

    /**
     * Reads and decrypts what has come.
     *
     * @param out the loop's read buffer: all that one read brings fits
     */
    @Override
    public int read(ByteBuffer out) throws IOException {
        assert loop.isCurrent();
        if (inputEnded) {
            return -1;
        }
        ByteBuffer in = loop.tlsReadBuffer().put(undecrypted.rewind());
        int count = socket.read(in);
        int before = out.position();
        decrypt(in.flip(), out);
        undecrypted = PendingOutput.copy(in);
        // without close_notify the end may be forged, but a STOMP or WebSocket frame that was cut shows that itself
        inputEnded |= count < 0;
        int decrypted = out.position() - before;
        return decrypted == 0 && inputEnded ? -1 : decrypted;
    }

    private void decrypt(ByteBuffer in, ByteBuffer out) throws IOException {
        while (in.hasRemaining() && !inputEnded) {
            SSLEngineResult result = engine.unwrap(in, out);
            switch (result.getStatus()) {
                case OK -> {
                    if (result.bytesProduced() == 0) {
                        emptyRecord();
                    }
                }
                case BUFFER_UNDERFLOW -> {
                    return;
                }
                case BUFFER_OVERFLOW -> throw new IllegalStateException("no room for " + in + " in " + out);
                case CLOSED -> {
                    inputEnded = true;
                    wrap();
                }
            }
        }
    }

    /** Answers a record without data: a KeyUpdate, an alert, or an empty one. */
    private void emptyRecord() throws IOException {
        if (++emptyRecords > MAX_EMPTY_RECORDS) {
            throw new SSLException("more than " + MAX_EMPTY_RECORDS + " records without data");
        }
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            // TLS 1.2; version 1.3 has no renegotiation, and its other messages need no task
            throw new SSLException("renegotiation is refused");
        }
        wrap();
    }

    /** Whether the peer has ended its side, by close_notify or by closing the socket. */
    boolean isInputEnded() {
        return inputEnded;
    }

    // ---- out ------------------------------------------------------------------------------------------------------

    /** Encrypts and writes, record by record, as long as the socket has room; the rest of the last record is kept. */
    @Override
    public int write(ByteBuffer bytes) throws IOException {
        assert loop.isCurrent();
        int before = bytes.position();
        while (bytes.hasRemaining() && flush()) {
            ByteBuffer out = loop.tlsWriteBuffer();
            SSLEngineResult result;
            do {
                result = engine.wrap(bytes, out);
            } while (result.getStatus() == Status.OK && bytes.hasRemaining() && result.bytesProduced() > 0);
            if (out.position() == 0) {
                // the peer has closed a TLS 1.2 connection, which closes both directions
                throw new ClosedChannelException();
            }
            output.write(out.flip());
        }
        return bytes.position() - before;
    }

    /** Sends TLS's own messages: handshake, answers, alerts. False when TLS may send nothing more. */
    private boolean wrap() throws IOException {
        ByteBuffer out = loop.tlsWriteBuffer();
        boolean open = true;
        while (open && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            SSLEngineResult result = engine.wrap(NOTHING, out);
            if (result.getStatus() == Status.BUFFER_OVERFLOW && out.position() > 0) {
                output.write(out.flip());
                out.clear();
            } else {
                open = result.getStatus() == Status.OK || result.bytesProduced() > 0;
            }
        }
        output.write(out.flip());
        return open;
    }

    /** Writes pending encrypted bytes to the socket; true when none is left. */
    boolean flush() throws IOException {
        assert loop.isCurrent();
        return output.flush();
    }

    /** Whether encrypted bytes wait for room in the socket. */
    boolean hasPending() {
        return output.hasPending();
    }

    // ---- end ------------------------------------------------------------------------------------------------------

    /** Sends close_notify, or the alert that is due; nothing more is sent behind it. */
    void sendCloseNotify() throws IOException {
        assert loop.isCurrent();
        if (!closeNotifySent) {
            closeNotifySent = true;
            engine.closeOutbound();
            wrap();
        }
    }

    /** Shuts the sending side down once everything has been written; the peer may go on sending. */
    void shutdownOutput() throws IOException {
        sendCloseNotify();
        output.shutDown();
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
