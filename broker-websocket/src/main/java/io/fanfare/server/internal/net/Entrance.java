package io.fanfare.server.internal.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Predicate;
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
    private final Predicate<InetAddress> proxies;
    private final Duration proxyTimeout;
    private final Processor<?> inside;

    /**
     * The way into one listener.
     *
     * @param proxies addresses whose connections begin with a header of the PROXY protocol
     * @param proxyTimeout how long that header may take
     * @param inside what the listener really does
     */
    public Entrance(
            Admission admission,
            EventLoops loops,
            Predicate<InetAddress> proxies,
            Duration proxyTimeout,
            Processor<?> inside) {
        this.admission = admission;
        this.loops = loops;
        this.proxies = proxies;
        this.proxyTimeout = proxyTimeout;
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
        if (proxies.test(peer.getAddress())) {
            connection.setProcessor(new ProxyHeaderReader(connection, loop, proxyTimeout, () -> goInside(connection)));
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
