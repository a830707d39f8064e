package io.fanfare.server.internal.tcp;

import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Framing;
import io.fanfare.server.internal.net.CloseState;
import io.fanfare.server.internal.net.SelectorLoop;
import io.fanfare.server.internal.net.SessionOpener;
import io.fanfare.server.internal.net.SocketConnection;
import java.nio.ByteBuffer;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;

/** A client that speaks STOMP over TCP. Owned by its loop. */
final class TcpConnection extends SocketConnection {

    private final Framing framing;

    private TcpConnection(SelectorLoop loop, TCPNIOConnection grizzly, Framing framing) {
        super(loop, grizzly, channelOf(grizzly));
        this.framing = framing;
    }

    /** Takes over an accepted connection; called on its loop. */
    static TcpConnection open(SessionOpener sessions, SelectorLoop loop, TCPNIOConnection grizzly, Framing framing) {
        TcpConnection connection = new TcpConnection(loop, grizzly, framing);
        connection.start(sessions);
        return connection;
    }

    @Override
    protected void received(ByteBuffer bytes) {
        session().receive(loop().decodeBuffer().put(bytes).flip());
    }

    @Override
    public Framing framing() {
        return framing;
    }

    /** TCP has no close codes: the ERROR before, if any, has told the reason. */
    @Override
    public void close(CloseCode code, String reason) {
        closing(CloseState.FLUSHING);
    }
}
