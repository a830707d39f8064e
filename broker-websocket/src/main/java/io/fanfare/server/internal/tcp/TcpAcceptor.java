package io.fanfare.server.internal.tcp;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Framing;
import io.fanfare.server.internal.net.AcceptedSocket;
import io.fanfare.server.internal.net.EventLoops;
import io.fanfare.server.internal.net.SessionOpener;
import io.fanfare.server.internal.net.SocketProcessor;
import io.fanfare.server.internal.net.TlsListener;
import java.nio.charset.StandardCharsets;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.jspecify.annotations.Nullable;

/** Opens a {@link TcpConnection} for each accepted socket of the plain STOMP listener. */
public final class TcpAcceptor extends SocketProcessor {

    /** Sent to a client that begins with CONNECT instead of a TLS handshake. */
    private static final byte[] PLAINTEXT_ANSWER =
            "ERROR\nmessage:TLS needed\n\nthis port speaks TLS\0\n".getBytes(StandardCharsets.US_ASCII);

    private final SessionOpener sessions;
    private final EventLoops loops;
    private final @Nullable TlsListener tls;
    private final Framing framing;

    /**
     * An acceptor for one listener.
     *
     * @param tls null for plain sockets
     * @param framing what stands behind each frame
     */
    public TcpAcceptor(SessionOpener sessions, EventLoops loops, @Nullable TlsListener tls, Framing framing) {
        this.sessions = sessions;
        this.loops = loops;
        this.tls = tls;
        this.framing = framing;
    }

    @Override
    protected void onEvent(IOEvent event, Connection<?> connection) {
        if (event == IOEvent.ACCEPTED) {
            TCPNIOConnection accepted = (TCPNIOConnection) connection;
            if (tls == null) {
                open(accepted);
            } else {
                tls.begin(accepted, PLAINTEXT_ANSWER, () -> open(accepted));
            }
        }
    }

    private void open(TCPNIOConnection accepted) {
        TcpConnection client = TcpConnection.open(sessions, loops.of(accepted), accepted, framing);
        AcceptedSocket.of(accepted)
                .admit()
                .ifPresent(why -> client.session()
                        .refuse(new ProtocolException("too many connections", why, CloseCode.OVERLOAD)));
    }
}
