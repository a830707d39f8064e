package io.fanfare.server.internal.tcp;

import io.fanfare.broker.Broker;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.server.internal.net.Arrival;
import io.fanfare.server.internal.net.EventLoops;
import io.fanfare.server.internal.net.SocketProcessor;
import io.fanfare.server.internal.net.TlsListener;
import java.nio.charset.StandardCharsets;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.jspecify.annotations.Nullable;

/** Turns each accepted socket into a {@link TcpConnection} on its loop. */
public final class TcpAcceptor extends SocketProcessor {

    /** For a client that begins with CONNECT where TLS is spoken. */
    private static final byte[] PLAIN_ANSWER =
            "ERROR\nmessage:TLS needed\n\nthis port speaks TLS\0".getBytes(StandardCharsets.US_ASCII);

    private final Broker broker;
    private final EventLoops loops;
    private final @Nullable TlsListener tls;

    /**
     * An acceptor for one listener.
     *
     * @param tls null for plain sockets
     */
    public TcpAcceptor(Broker broker, EventLoops loops, @Nullable TlsListener tls) {
        this.broker = broker;
        this.loops = loops;
        this.tls = tls;
    }

    @Override
    protected void on(IOEvent event, Connection<?> connection) {
        if (event == IOEvent.ACCEPTED) {
            TCPNIOConnection accepted = (TCPNIOConnection) connection;
            if (tls == null) {
                open(accepted);
            } else {
                tls.begin(accepted, PLAIN_ANSWER, () -> open(accepted));
            }
        }
    }

    private void open(TCPNIOConnection accepted) {
        TcpConnection client = new TcpConnection(broker, loops.of(accepted), accepted);
        accepted.setProcessor(client);
        Arrival.of(accepted)
                .admit()
                .ifPresent(why -> client.session()
                        .refuse(new ProtocolException("too many connections", why, CloseCode.OVERLOAD)));
    }
}
