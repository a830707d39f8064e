package io.fanfare.server.net;

import io.fanfare.server.ServerOptions;
import java.net.InetSocketAddress;
import org.glassfish.grizzly.CloseListener;
import org.glassfish.grizzly.Closeable;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.ICloseType;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.Processor;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;

/**
 * The way into a listener: each accepted socket is counted until it is gone, tells where it comes from when it comes by a
 * proxy that speaks the PROXY protocol, and goes on to what the listener really does.
 */
public final class Entrance extends SocketProcessor {

    private final Admission admission;
    private final EventLoops loops;
    private final ServerOptions options;
    private final Processor<?> inside;

    public Entrance(Admission admission, EventLoops loops, ServerOptions options, Processor<?> inside) {
        this.admission = admission;
        this.loops = loops;
        this.options = options;
        this.inside = inside;
    }

    @Override
    protected void on(IOEvent event, Connection<?> connection) {
        if (event == IOEvent.ACCEPTED) {
            accepted((TCPNIOConnection) connection);
        }
    }

    private void accepted(TCPNIOConnection connection) {
        SelectorLoop loop = loops.of(connection);
        InetSocketAddress peer = (InetSocketAddress) connection.getPeerAddress();
        Arrival arrival = admission.arrive(peer, () -> loop.execute(connection::terminateSilently));
        arrival.attachTo(connection);
        // whatever ends it, Grizzly tells
        connection.addCloseListener(new Leaving(arrival));
        if (options.proxyProtocol() && options.isTrustedProxy(peer.getAddress())) {
            connection.setProcessor(
                    new ProxyHeaderReader(connection, loop, options.handshakeTimeout(), () -> goInside(connection)));
        } else {
            goInside(connection);
        }
    }

    // Grizzly 4 has only this listener, and calls half of its type deprecated
    @SuppressWarnings("deprecation")
    private static final class Leaving implements CloseListener<Closeable, ICloseType> {

        private final Arrival arrival;

        Leaving(Arrival arrival) {
            this.arrival = arrival;
        }

        @Override
        public void onClosed(Closeable closed, ICloseType type) {
            arrival.leave();
        }
    }

    private void goInside(TCPNIOConnection connection) {
        connection.setProcessor(inside);
        connection.getTransport().fireIOEvent(IOEvent.ACCEPTED, connection, null);
    }
}
