package io.fanfare.server.internal.tcp;

import io.fanfare.broker.Broker;
import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Framing;
import io.fanfare.server.internal.net.SelectorLoop;
import io.fanfare.server.internal.net.SocketConnection;
import java.nio.ByteBuffer;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;

/** A client that speaks STOMP on a bare socket. Owned by its loop. */
final class TcpConnection extends SocketConnection {

    TcpConnection(Broker broker, SelectorLoop loop, TCPNIOConnection grizzly) {
        super(broker, loop, grizzly);
    }

    @Override
    protected void received(ByteBuffer bytes) {
        session().receive(loop().decodeBuffer().put(bytes).flip());
    }

    @Override
    public Framing framing() {
        return Framing.TCP;
    }

    /** TCP has no close codes: the ERROR before, if any, has said why. */
    @Override
    public void close(CloseCode code, String reason) {
        finish();
    }

    /** A plain close would reset the connection when the peer is still sending, and take the ERROR with it. */
    @Override
    protected void end() {
        shutdownOutput();
    }
}
