package io.fanfare.server.internal.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.glassfish.grizzly.Context;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.Processor;
import org.glassfish.grizzly.nio.DefaultSelectorHandler;
import org.glassfish.grizzly.nio.SelectorRunner;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;
import org.glassfish.grizzly.nio.transport.TCPNIOTransportBuilder;

/** A connection of Grizzly without selector and peer: the test fires its events. */
final class FakeGrizzly extends TCPNIOConnection {

    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);

    private final Admission admission = new Admission(new Admission.Limits(10, 0, 10), (why, peer, detail) -> {});
    private boolean terminated;

    private FakeGrizzly(SelectableChannel channel) {
        super(transport(), channel);
    }

    /** An accepted connection of a loop. */
    static FakeGrizzly accepted(SelectorLoop loop) {
        try {
            FakeGrizzly connection = new FakeGrizzly(SocketChannel.open());
            AcceptedSocket socket = new AcceptedSocket(connection.admission, loop, PEER, connection::terminateSilently);
            connection.admission.accepted(socket);
            socket.attachTo(connection);
            return connection;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A transport whose connections may be interested in whatever they like. */
    static TCPNIOTransport transport() {
        TCPNIOTransport transport = TCPNIOTransportBuilder.newInstance().build();
        transport.setSelectorHandler(new DefaultSelectorHandler() {
            @Override
            public void registerKeyInterest(SelectorRunner runner, SelectionKey key, int interest) {}

            @Override
            public void deregisterKeyInterest(SelectorRunner runner, SelectionKey key, int interest) {}
        });
        return transport;
    }

    /** What Grizzly's selector does with an event. An exception out of it is the test's. */
    @SuppressWarnings("unchecked")
    void fire(IOEvent event) {
        Processor<Context> processor = getProcessor();
        processor.process(Context.create(this, processor, event, null));
    }

    boolean isTerminated() {
        return terminated;
    }

    @Override
    public void terminateSilently() {
        if (!terminated) {
            terminated = true;
            fire(IOEvent.CLOSED);
        }
    }
}
