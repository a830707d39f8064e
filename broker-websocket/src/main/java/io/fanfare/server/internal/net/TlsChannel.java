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
 * TLS between a socket and what is said on it: encrypts what is written and decrypts what is read, and never waits. It
 * works in its loop's buffers and keeps what is incomplete alone: the beginning of a record that has come, and encrypted
 * bytes that the socket has not taken. Owned by its loop.
 */
public final class TlsChannel implements ByteChannel {

    private static final Attribute<TlsChannel> ATTRIBUTE =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute(TlsChannel.class.getName());

    /** A record is at most this long, even that of peers who do not keep to the standard. */
    static final int MAX_RECORD_BYTES = 34 << 10;

    /**
     * Records without data that a connection may send in its life. An honest peer sends a KeyUpdate after gigabytes; each
     * of a flood costs us new keys and an answer.
     */
    private static final int MAX_QUIET_RECORDS = 1000;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** How far the handshake has come. */
    enum Progress {
        NEEDS_BYTES,
        /** The socket is full. */
        NEEDS_ROOM,
        /** A signature, say, is to be computed. */
        NEEDS_TASK,
        DONE
    }

    private final SocketChannel socket;
    private final SelectorLoop loop;
    private final SSLEngine engine;
    private List<X509Certificate> certificates = List.of();

    /** Bytes that have come and are no whole record yet; after the handshake there may be more. */
    private ByteBuffer early = NOTHING;

    /** Encrypted bytes that the socket has not taken. */
    private ByteBuffer pending = NOTHING;

    /** Whether a record has come. */
    private boolean heard;

    private boolean handshaken;

    private boolean inputEnded;
    private boolean saidGoodbye;
    private boolean shutDown;
    private int quietRecords;

    /** The server's side of a new connection, before its handshake. */
    TlsChannel(TCPNIOConnection connection, SelectorLoop loop, SSLEngine engine) throws SSLException {
        this.socket = (SocketChannel) connection.getChannel();
        this.loop = loop;
        this.engine = engine;
        engine.beginHandshake();
        ATTRIBUTE.set(connection, this);
    }

    /** The TLS of a connection, null when it has none. */
    public static @Nullable TlsChannel of(Connection<?> connection) {
        return ATTRIBUTE.get(connection);
    }

    // ---- handshake ------------------------------------------------------------------------------------------------

    /** Goes on with the handshake as far as it can. */
    Progress handshake() throws IOException {
        while (flush()) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    return Progress.NEEDS_TASK;
                }
                case NEED_WRAP -> {
                    if (!say()) {
                        throw closedTooEarly();
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!hear()) {
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

    /** Computes what {@link Progress#NEEDS_TASK} is about; called by another thread while the loop leaves this alone. */
    void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /** Takes one record of the handshake, or reads more bytes; false when there are none. */
    private boolean hear() throws IOException {
        ByteBuffer in = loop.encryptedIn().put(early.rewind()).flip();
        SSLEngineResult result = engine.unwrap(in, loop.received());
        boolean more = true;
        heard |= result.bytesConsumed() > 0;
        if (result.getStatus() == Status.CLOSED) {
            throw closedTooEarly();
        }
        if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
            // not more than a record: whoever has not shown who he is shall not make us keep much
            in.position(in.limit()).limit(MAX_RECORD_BYTES);
            int count = socket.read(in);
            if (count < 0) {
                throw new ClosedChannelException();
            }
            more = count > 0;
            in.flip();
        }
        early = copy(in);
        return more;
    }

    private static SSLException closedTooEarly() {
        return new SSLException("closed during the handshake");
    }

    /** Whether the peer has begun with text: HTTP or STOMP, as if there were no TLS here. */
    boolean speaksPlainly() {
        return !heard && early.limit() > 0 && early.get(0) >= 'A' && early.get(0) <= 'Z';
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

    /** What the peer has shown and the handshake has verified, its own first; empty when it has shown nothing. */
    List<X509Certificate> certificates() {
        return certificates;
    }

    boolean isHandshaken() {
        return handshaken;
    }

    // ---- in -------------------------------------------------------------------------------------------------------

    /** Whether bytes came right behind the handshake, of which the selector knows nothing. */
    boolean hasEarly() {
        return early.limit() > 0;
    }

    /**
     * Reads what has come.
     *
     * @param out the loop's: whatever was read fits
     */
    @Override
    public int read(ByteBuffer out) throws IOException {
        if (inputEnded) {
            return -1;
        }
        ByteBuffer in = loop.encryptedIn().put(early.rewind());
        int count = socket.read(in);
        int before = out.position();
        decrypt(in.flip(), out);
        early = copy(in);
        // without a close_notify the end may be a lie, but a STOMP or WebSocket frame that was cut shows that itself
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
                        quietRecord();
                    }
                }
                case BUFFER_UNDERFLOW -> {
                    return;
                }
                case BUFFER_OVERFLOW -> throw new IllegalStateException("no room for " + in + " in " + out);
                case CLOSED -> {
                    inputEnded = true;
                    say();
                }
            }
        }
    }

    /** A record without data: a KeyUpdate, an alert, or nothing. */
    private void quietRecord() throws IOException {
        if (++quietRecords > MAX_QUIET_RECORDS) {
            throw new SSLException("more than " + MAX_QUIET_RECORDS + " records without data");
        }
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            // TLS 1.2; 1.3 has none, and its other messages need no task
            throw new SSLException("renegotiation is refused");
        }
        say();
    }

    /** Whether the peer has said or shown that nothing more comes. */
    boolean isInputEnded() {
        return inputEnded;
    }

    // ---- out ------------------------------------------------------------------------------------------------------

    /** Takes, record by record, what the socket has room for; what of the last record has not left is kept here. */
    @Override
    public int write(ByteBuffer bytes) throws IOException {
        int before = bytes.position();
        while (bytes.hasRemaining() && flush()) {
            ByteBuffer out = loop.encryptedOut();
            SSLEngineResult result;
            do {
                result = engine.wrap(bytes, out);
            } while (result.getStatus() == Status.OK && bytes.hasRemaining() && result.bytesProduced() > 0);
            if (out.position() == 0) {
                // the peer has closed a TLS 1.2 connection, which closes both directions
                throw new ClosedChannelException();
            }
            send(out.flip());
        }
        return bytes.position() - before;
    }

    /** Sends what TLS itself has to say: handshake messages, answers, alerts. False when it may say no more. */
    private boolean say() throws IOException {
        ByteBuffer out = loop.encryptedOut();
        boolean goesOn = true;
        while (goesOn && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            SSLEngineResult result = engine.wrap(NOTHING, out);
            if (result.getStatus() == Status.BUFFER_OVERFLOW && out.position() > 0) {
                send(out.flip());
                out.clear();
            } else {
                goesOn = result.getStatus() == Status.OK || result.bytesProduced() > 0;
            }
        }
        send(out.flip());
        return goesOn;
    }

    private void send(ByteBuffer encrypted) throws IOException {
        if (hasPending()) {
            pending = ByteBuffer.allocate(pending.remaining() + encrypted.remaining())
                    .put(pending)
                    .put(encrypted)
                    .flip();
        } else if (encrypted.hasRemaining()) {
            socket.write(encrypted);
            pending = copy(encrypted);
        }
    }

    /** Gives the socket what it has not taken before; whether nothing is left of that. */
    boolean flush() throws IOException {
        if (hasPending()) {
            socket.write(pending);
            if (pending.hasRemaining()) {
                return false;
            }
            pending = NOTHING;
            if (shutDown) {
                socket.shutdownOutput();
            }
        }
        return true;
    }

    /** Whether encrypted bytes wait for the socket. */
    boolean hasPending() {
        return pending.hasRemaining();
    }

    private static ByteBuffer copy(ByteBuffer rest) {
        return rest.hasRemaining()
                ? ByteBuffer.allocate(rest.remaining()).put(rest).flip()
                : NOTHING;
    }

    // ---- end ------------------------------------------------------------------------------------------------------

    /** Sends close_notify, or the alert that is due, as the last thing; behind it come no more bytes. */
    void sayGoodbye() throws IOException {
        if (!saidGoodbye) {
            saidGoodbye = true;
            engine.closeOutbound();
            say();
        }
    }

    /** Closes the sending side once everything has left; the peer may go on. */
    void shutdownOutput() throws IOException {
        sayGoodbye();
        shutDown = true;
        if (!hasPending()) {
            socket.shutdownOutput();
        }
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
