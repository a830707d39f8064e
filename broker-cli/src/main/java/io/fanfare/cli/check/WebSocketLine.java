package io.fanfare.cli.check;

import io.fanfare.cli.wire.ClientHandshake;
import io.fanfare.cli.wire.FrameHeader;
import io.fanfare.cli.wire.HandshakeResponse;
import io.fanfare.cli.wire.Opcode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.Utf8;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A WebSocket over a socket. Pings are answered while STOMP is read; the borders of messages do not matter. */
final class WebSocketLine implements Line {

    private static final int MAX_RESPONSE_BYTES = 64 << 10;
    private static final int MAX_FRAME_BYTES = 64 << 20;

    private final TcpLine tcp;
    private byte[] payload = {};
    private int at;
    private @Nullable WsFrame ended;

    private WebSocketLine(TcpLine tcp) {
        this.tcp = tcp;
    }

    /** Opens a WebSocket with the sub-protocols of STOMP. */
    static WebSocketLine open(Target target) throws IOException {
        return open(target, "Sec-WebSocket-Protocol: v10.stomp, v11.stomp, v12.stomp");
    }

    /**
     * Opens a WebSocket with these header lines.
     *
     * @throws IOException when the answer is not 101 with the right key
     */
    static WebSocketLine open(Target target, String... lines) throws IOException {
        TcpLine tcp = TcpLine.open(target);
        ClientHandshake handshake = new ClientHandshake(target.url());
        String refusal = handshake.refusal(ask(tcp, handshake.request(lines)));
        if (refusal != null) {
            tcp.close();
            throw new IOException(refusal);
        }
        return new WebSocketLine(tcp);
    }

    /** Sends any request and reads the header of its response. */
    static HandshakeResponse ask(TcpLine tcp, byte[] request) throws IOException {
        tcp.send(request);
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int length = 0;
        while (length == 0) {
            int b = tcp.read();
            if (b < 0 || head.size() > MAX_RESPONSE_BYTES) {
                throw new EOFException("the connection ended without an HTTP response");
            }
            head.write(b);
            length = b == '\n' ? HandshakeResponse.length(head.toByteArray(), 0, head.size()) : 0;
        }
        return HandshakeResponse.parse(head.toByteArray(), 0, length);
    }

    @Override
    public void send(byte[] bytes) throws IOException {
        send(WsFrame.whole(Utf8.isValid(bytes) ? Opcode.TEXT : Opcode.BINARY, bytes));
    }

    void send(WsFrame frame) throws IOException {
        tcp.send(frame.masked());
    }

    void sendRaw(byte[] bytes) throws IOException {
        tcp.send(bytes);
    }

    @Override
    public int read() throws IOException {
        while (at == payload.length) {
            WsFrame frame = ended == null ? frame() : null;
            if (frame == null || frame.opcode() == Opcode.CLOSE) {
                return -1;
            }
            if (frame.opcode() == Opcode.PING) {
                send(WsFrame.whole(Opcode.PONG, frame.payload()));
            } else if (frame.opcode() != Opcode.PONG) {
                payload = frame.payload();
                at = 0;
            }
        }
        return payload[at++] & 0xFF;
    }

    /** The next WebSocket frame, whatever it is; null at the end of the connection. */
    @Nullable
    WsFrame frame() throws IOException {
        int first = tcp.read();
        if (first < 0) {
            return null;
        }
        byte[] header = new byte[FrameHeader.MAX_BYTES];
        header[0] = (byte) first;
        header[1] = (byte) needed();
        try {
            int size = FrameHeader.size(header[1]);
            for (int i = 2; i < size; i++) {
                header[i] = (byte) needed();
            }
        } catch (ProtocolException e) {
            throw Finding.fail(e.detail());
        }
        long length = FrameHeader.length(header, 0);
        if (length < 0 || length > MAX_FRAME_BYTES) {
            throw Finding.fail("the broker announces a WebSocket frame of " + length + " bytes");
        }
        byte[] bytes = new byte[(int) length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) needed();
        }
        WsFrame frame = new WsFrame(first, bytes);
        if (frame.opcode() == Opcode.CLOSE) {
            ended = frame;
            // RFC 6455 5.5.1: a Close is answered
            send(WsFrame.whole(Opcode.CLOSE, Arrays.copyOf(bytes, Math.min(2, bytes.length))));
        }
        return frame;
    }

    private int needed() throws IOException {
        int b = tcp.read();
        if (b < 0) {
            throw new EOFException("the connection ended inside a WebSocket frame");
        }
        return b;
    }

    /** The broker's Close, if it has come. */
    @Nullable
    WsFrame closeFrame() {
        return ended;
    }

    /** Whether TCP has ended; waits for it. */
    boolean tcpEnds() throws IOException {
        return tcp.read() < 0;
    }

    @Override
    public void timeout(Duration most) throws IOException {
        tcp.timeout(most);
    }

    @Override
    public void close() {
        tcp.close();
    }
}
