package io.fanfare.testkit.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.fanfare.testkit.wire.Transport;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import javax.net.SocketFactory;

/**
 * STOMP over a socket, as octets: what is sent goes out at once, and a thread of its own reads. It answers Pings and a
 * Close, and nothing else by itself.
 */
public final class StompSocket {

    /** Is told what comes, on the socket's thread. */
    public interface Listener {

        /** A frame with its NUL, or a line feed between frames. */
        void received(byte[] octets);

        /**
         * The connection has ended.
         *
         * @param code of the other side's Close; 0: it has come without one
         */
        void ended(int code, String reason);
    }

    /**
     * Where the broker is.
     *
     * @param tcpPort of STOMP over TCP; -1: there is none
     * @param sockets makes them, maybe with TLS
     */
    public record Address(URI webSocket, int tcpPort, SocketFactory sockets) {}

    private static final int BUFFER_BYTES = 16 << 10;

    private final Socket socket;
    private final boolean isWebSocket;
    private final Listener listener;
    private int closeCode;
    private String closeReason = "";

    private StompSocket(Socket socket, boolean isWebSocket, Listener listener) {
        this.socket = socket;
        this.isWebSocket = isWebSocket;
        this.listener = listener;
    }

    /**
     * Opens a connection.
     *
     * @param subProtocols that the handshake of a WebSocket offers; empty: none
     * @throws IOException when that fails; its message has the answer to the handshake
     */
    public static StompSocket open(
            Transport transport, Address address, String subProtocols, Duration most, Listener listener)
            throws IOException {
        Socket socket = address.sockets().createSocket();
        try {
            int port = transport == Transport.TCP
                    ? address.tcpPort()
                    : address.webSocket().getPort();
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) most.toMillis());
            socket.setTcpNoDelay(true);
            if (transport == Transport.WEBSOCKET) {
                socket.setSoTimeout((int) most.toMillis());
                handshake(socket, address.webSocket(), subProtocols);
                socket.setSoTimeout(0);
            }
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        StompSocket opened = new StompSocket(socket, transport == Transport.WEBSOCKET, listener);
        Thread thread = new Thread(opened::read, "fanfare-test-client-" + socket.getLocalPort());
        thread.setDaemon(true);
        thread.start();
        return opened;
    }

    private static void handshake(Socket socket, URI uri, String subProtocols) throws IOException {
        String request = "GET " + uri.getRawPath() + " HTTP/1.1\r\nHost: " + uri.getRawAuthority()
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + (subProtocols.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + subProtocols + "\r\n") + "\r\n";
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        String answer = head(socket.getInputStream());
        if (!answer.startsWith("HTTP/1.1 101 ")) {
            throw new IOException("the handshake was answered with "
                    + answer.lines().findFirst().orElse("nothing"));
        }
    }

    /** Octet by octet, so that none of the first WebSocket frame is taken. */
    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int octet = in.read();
            if (octet < 0) {
                throw new EOFException("closed in the handshake behind " + head.toString(ISO_8859_1));
            }
            head.write(octet);
        }
        return head.toString(ISO_8859_1);
    }

    /** Sends octets of STOMP; in one text message of a WebSocket. */
    public void send(byte[] stomp) throws IOException {
        sendRaw(isWebSocket ? WsFrame.of(WsFrame.TEXT, stomp, true).octets() : stomp);
    }

    /** Sends octets as they are. */
    public void sendRaw(byte[] octets) throws IOException {
        synchronized (socket) {
            socket.getOutputStream().write(octets);
        }
    }

    /** Closes in order: a WebSocket's Close, or the end of the stream; the broker's answer ends the connection. */
    public void close() {
        try {
            if (isWebSocket) {
                sendRaw(WsFrame.close(1000, "", true).octets());
            } else {
                socket.shutdownOutput();
            }
        } catch (IOException e) {
            drop();
        }
    }

    /** Ends the connection at once, as a crash does: with a reset. */
    public void drop() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // closed already
        }
    }

    private void read() {
        StompSplitter stomp = new StompSplitter();
        WsSplitter frames = new WsSplitter();
        byte[] buffer = new byte[BUFFER_BYTES];
        Consumer<byte[]> received = listener::received;
        try (socket) {
            InputStream in = socket.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (isWebSocket) {
                    frames.feed(buffer, 0, count, frame -> onFrame(frame, stomp, received));
                } else {
                    stomp.feed(buffer, 0, count, received);
                }
            }
        } catch (IOException e) {
            // a reset: an end, too
        }
        listener.ended(closeCode, closeReason);
    }

    private void onFrame(WsFrame frame, StompSplitter stomp, Consumer<byte[]> received) {
        try {
            switch (frame.opcode()) {
                case WsFrame.CLOSE -> {
                    closeCode = frame.closeCode();
                    closeReason = frame.closeReason();
                    sendRaw(WsFrame.of(WsFrame.CLOSE, frame.payload(), true).octets());
                }
                case WsFrame.PING ->
                    sendRaw(WsFrame.of(WsFrame.PONG, frame.payload(), true).octets());
                case WsFrame.PONG -> {}
                default -> stomp.feed(frame.payload(), 0, frame.payload().length, received);
            }
        } catch (IOException e) {
            // reading will find the end
        }
    }
}
