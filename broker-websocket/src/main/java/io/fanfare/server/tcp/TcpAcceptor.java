package io.fanfare.server.tcp;

import io.fanfare.broker.Broker;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.server.net.Arrival;
import io.fanfare.server.net.EventLoops;
import io.fanfare.server.net.SocketProcessor;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;

/** Turns each accepted socket into a {@link TcpConnection} on its loop. */
public final class TcpAcceptor extends SocketProcessor {

    private final Broker broker;
    private final EventLoops loops;

    public TcpAcceptor(Broker broker, EventLoops loops) {
        this.broker = broker;
        this.loops = loops;
    }

    @Override
    protected void on(IOEvent event, Connection<?> connection) {
        if (event == IOEvent.ACCEPTED) {
            TCPNIOConnection accepted = (TCPNIOConnection) connection;
            TcpConnection client = new TcpConnection(broker, loops.of(accepted), accepted);
            accepted.setProcessor(client);
            Arrival.of(accepted)
                    .admit()
                    .ifPresent(why -> client.session()
                            .refuse(new ProtocolException("too many connections", why, CloseCode.OVERLOAD)));
        }
    }
}
