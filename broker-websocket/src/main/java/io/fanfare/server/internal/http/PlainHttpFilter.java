package io.fanfare.server.internal.http;

import io.fanfare.server.internal.net.TlsFilter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;

/** Stands before the TLS filter, and tells a client that begins with plain HTTP that the port speaks HTTPS. */
final class PlainHttpFilter extends BaseFilter {

    private static final byte[] ANSWER = TlsFilter.plaintextAnswer("this port speaks HTTPS: connect with https://\n");

    private enum State {
        TLS,
        /** The answer has been sent: what comes in is thrown away. */
        REFUSED
    }

    /** Unset until the first byte has come. */
    private static final Attribute<State> STATE =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute(PlainHttpFilter.class.getName() + ".state");

    @Override
    public NextAction handleRead(FilterChainContext context) throws IOException {
        TCPNIOConnection connection = (TCPNIOConnection) context.getConnection();
        Buffer received = context.getMessage();
        State state = STATE.get(connection);
        if (state == null) {
            state = isPlainHttp(received) ? State.REFUSED : State.TLS;
            STATE.set(connection, state);
            if (state == State.REFUSED) {
                refuse(connection);
            }
        }
        if (state == State.TLS) {
            return context.getInvokeAction();
        }
        received.tryDispose();
        return context.getStopAction();
    }

    /** A method of HTTP is in capitals; a TLS record begins with a byte below them (RFC 8446 5.1). */
    private static boolean isPlainHttp(Buffer received) {
        byte first = received.get(received.position());
        return first >= 'A' && first <= 'Z';
    }

    /**
     * Shuts the sending side only: a plain close would reset the connection, and lose the answer, as long as input is unread.
     * The peer has until the deadline of its connection to close.
     */
    private static void refuse(TCPNIOConnection connection) throws IOException {
        SocketChannel socket = (SocketChannel) connection.getChannel();
        // a new socket has room for it
        socket.write(ByteBuffer.wrap(ANSWER));
        socket.shutdownOutput();
    }
}
