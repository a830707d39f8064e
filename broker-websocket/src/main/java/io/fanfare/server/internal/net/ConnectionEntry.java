package io.fanfare.server.internal.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.glassfish.grizzly.CloseListener;
import org.glassfish.grizzly.Closeable;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.ICloseType;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.Processor;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;

/**
 * First processor of a listener's sockets: has each counted until it is closed, reads the header of the PROXY protocol
 * where there is one, and hands the socket to the listener's protocol.
 */
public final class ConnectionEntry extends SocketProcessor {

    private final Admission admission;
    private final EventLoops loops;
    private final Predicate<InetAddress> proxies;
    private final Duration proxyTimeout;
    private final Supplier<? extends Processor<?>> protocol;

    /**
     * The entry of one listener.
     *
     * @param proxies addresses whose connections begin with a header of the PROXY protocol
     * @param proxyTimeout how long that header may take
     * @param protocol takes the socket over, beginning with {@link IOEvent#ACCEPTED}; asked on the socket's loop
     */
    public ConnectionEntry(
            Admission admission,
            EventLoops loops,
            Predicate<InetAddress> proxies,
            Duration proxyTimeout,
            Supplier<? extends Processor<?>> protocol) {
        this.admission = admission;
        this.loops = loops;
        this.proxies = proxies;
        this.proxyTimeout = proxyTimeout;
        this.protocol = protocol;
    }

    @Override
    protected void onEvent(IOEvent event, Connection<?> connection) throws IOException {
        if (event == IOEvent.ACCEPTED) {
            accepted((TCPNIOConnection) connection);
        }
    }

    private void accepted(TCPNIOConnection connection) throws IOException {
        SelectorLoop loop = loops.of(connection);
        // the channel's own: Grizzly would make another one
        InetSocketAddress peer = (InetSocketAddress) ((SocketChannel) connection.getChannel()).getRemoteAddress();
        AcceptedSocket socket = new AcceptedSocket(admission, loop, peer, connection::terminateSilently);
        socket.attachTo(connection);
        admission.accepted(socket);
        // Grizzly calls it however the connection ends
        connection.addCloseListener(new Closed(socket));
        if (proxies.test(peer.getAddress())) {
            ProxyHeaderReader.begin(connection, loop, proxyTimeout, () -> enterProtocol(connection));
        } else {
            enterProtocol(connection);
        }
    }

    // Grizzly 4 has only this listener, and calls half of its type deprecated
    @SuppressWarnings("deprecation")
    private static final class Closed implements CloseListener<Closeable, ICloseType> {

        private final AcceptedSocket socket;

        Closed(AcceptedSocket socket) {
            this.socket = socket;
        }

        @Override
        public void onClosed(Closeable closed, ICloseType type) {
            socket.closed();
        }
    }

    private void enterProtocol(TCPNIOConnection connection) {
        connection.setProcessor(protocol.get());
        connection.getTransport().fireIOEvent(IOEvent.ACCEPTED, connection, null);
    }
}
