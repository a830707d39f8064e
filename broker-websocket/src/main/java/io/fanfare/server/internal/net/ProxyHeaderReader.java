package io.fanfare.server.internal.net;

import io.fanfare.loop.LogThrottle;
import io.fanfare.loop.Timer;
import io.fanfare.statistics.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the PROXY protocol's header from a new connection, and not an octet more: what follows, TLS perhaps, is for the
 * next processor to read. Owned by the connection's loop.
 */
final class ProxyHeaderReader extends SocketProcessor {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyHeaderReader.class);

    private static final LogThrottle LINES = new LogThrottle();

    private final TCPNIOConnection connection;
    private final SocketChannel channel;
    private final SelectorLoop loop;
    private final Runnable next;
    private final ProxyHeader header = new ProxyHeader();
    private final Timer deadline;

    private ProxyHeaderReader(TCPNIOConnection connection, SelectorLoop loop, Duration timeout, Runnable next) {
        this.connection = connection;
        this.channel = (SocketChannel) connection.getChannel();
        this.loop = loop;
        this.next = next;
        this.deadline = loop.schedule(timeout, () -> {
            AcceptedSocket.of(connection)
                    .refused(Refusal.TIMEOUT, "the PROXY header took longer than handshake_timeout");
            connection.terminateSilently();
        });
    }

    /**
     * Begins to read; called on the connection's loop.
     *
     * @param timeout how long the whole header may take
     * @param next run when the header has been read
     */
    static void begin(TCPNIOConnection connection, SelectorLoop loop, Duration timeout, Runnable next) {
        connection.setProcessor(new ProxyHeaderReader(connection, loop, timeout, next));
    }

    @Override
    protected void onEvent(IOEvent event, Connection<?> grizzly) throws IOException {
        switch (event) {
            case READ -> read();
            case CLOSED -> loop.runOrExecute(deadline::cancel);
            default -> LOG.trace("{} {}", event, connection);
        }
    }

    private void read() throws IOException {
        assert loop.isCurrent();
        try {
            while (header.missing() > 0) {
                ByteBuffer part = ByteBuffer.allocate(header.missing());
                int count = channel.read(part);
                if (count < 0) {
                    connection.terminateSilently();
                }
                if (count <= 0) {
                    return;
                }
                header.add(part.flip());
            }
            header.source()
                    .ifPresent(
                            client -> AcceptedSocket.of(connection).proxiedFor(client.getAddress(), client.getPort()));
        } catch (IllegalArgumentException e) {
            refuse(e);
            return;
        }
        deadline.cancel();
        next.run();
    }

    private void refuse(IllegalArgumentException why) {
        AcceptedSocket.of(connection).refused(Refusal.PROXY_HEADER, "not the PROXY protocol: " + why.getMessage());
        if (LINES.next(System.nanoTime()) > 0) {
            LOG.warn("closed {}: not the PROXY protocol: {}", this, why.getMessage());
        }
        connection.terminateSilently();
    }

    /** For logs. */
    @Override
    public String toString() {
        return "peer=" + AcceptedSocket.of(connection);
    }
}
