package io.fanfare.server.internal.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;

/**
 * The transport filter of a listener with TLS, in the place of Grizzly's: reads the HTTP request from a {@link TlsChannel}
 * and writes the answer to it. Once upgraded, the connection takes the channel over as it is.
 */
public final class TlsFilter extends BaseFilter {

    private static final byte[] PLAINTEXT_ANSWER =
            plaintextAnswer("this port speaks TLS: connect with wss:// or https://\n");

    private final EventLoops loops;
    private final TlsListener tls;

    public TlsFilter(EventLoops loops, TlsListener tls) {
        this.loops = loops;
        this.tls = tls;
    }

    /**
     * The HTTP answer to a request that has come in plain text to a port with TLS.
     *
     * @param sentence in ASCII, with its line end
     */
    public static byte[] plaintextAnswer(String sentence) {
        return ("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n"
                        + "Content-Type: text/plain; charset=utf-8\r\nContent-Length: " + sentence.length() + "\r\n\r\n"
                        + sentence)
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public NextAction handleAccept(FilterChainContext context) {
        tls.begin((TCPNIOConnection) context.getConnection(), PLAINTEXT_ANSWER, () -> {});
        return context.getInvokeAction();
    }

    @Override
    public NextAction handleRead(FilterChainContext context) {
        TCPNIOConnection connection = (TCPNIOConnection) context.getConnection();
        ByteBuffer bytes = loops.of(connection).readBuffer();
        int count;
        try {
            count = channel(context).read(bytes);
        } catch (IOException e) {
            count = -1;
        }
        if (count < 0) {
            connection.closeSilently();
        }
        if (count <= 0) {
            return context.getStopAction();
        }
        byte[] copy = new byte[count];
        bytes.flip().get(copy);
        context.setMessage(Buffers.wrap(context.getMemoryManager(), copy));
        return context.getInvokeAction();
    }

    /** The answer is small and the socket is new: should it not take all, the upgraded connection sends the rest. */
    @Override
    public NextAction handleWrite(FilterChainContext context) throws IOException {
        Buffer message = context.getMessage();
        channel(context).write(message.toByteBuffer());
        return context.getStopAction();
    }

    /**
     * Called while the socket is still open, by any thread: what encrypts belongs to the loop, and another thread, as that of a
     * server that stops, closes without a farewell of TLS.
     */
    @Override
    public NextAction handleClose(FilterChainContext context) {
        TlsChannel channel = TlsChannel.of(context.getConnection());
        try {
            if (channel != null && channel.isInLoop() && channel.isHandshaken()) {
                channel.sendCloseNotify();
            }
        } catch (IOException e) {
            // the peer has closed first
        }
        return context.getInvokeAction();
    }

    private static TlsChannel channel(FilterChainContext context) {
        return Objects.requireNonNull(TlsChannel.of(context.getConnection()));
    }
}
