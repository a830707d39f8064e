package io.fanfare.cli.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.fanfare.cli.wire.Opcode;
import io.fanfare.testing.Relay;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;

/**
 * A proxy that makes a broker's output hard to read: it writes single bytes, splits each WebSocket message into two
 * fragments, and sends a Ping between them.
 */
final class CuttingProxy implements AutoCloseable {

    private static final int FIN = 0x80;
    private static final byte[] PING = {(byte) 0x89, 2, 'h', 'i'};

    private final URI broker;
    private final Relay relay;

    CuttingProxy(URI broker) {
        this.broker = broker;
        relay = Relay.to(
                broker.getPort(),
                (client, server) -> client.getInputStream().transferTo(server.getOutputStream()),
                (server, client) -> cut(new DataInputStream(server.getInputStream()), client.getOutputStream()));
    }

    URI url() {
        return URI.create("ws://127.0.0.1:" + relay.port() + broker.getPath());
    }

    private static void cut(DataInputStream in, OutputStream out) throws IOException {
        dribble(head(in), out);
        int first = in.read();
        while (first >= 0) {
            byte[] payload = in.readNBytes(length(in));
            if (first == (FIN | Opcode.CLOSE)) {
                dribble(frame(first, payload, 0, payload.length), out);
            } else {
                int half = payload.length / 2;
                dribble(frame(first & ~FIN, payload, 0, half), out);
                dribble(PING, out);
                dribble(frame(FIN, payload, half, payload.length), out);
            }
            first = in.read();
        }
    }

    private static byte[] head(DataInputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            // thrown at an early end of the stream
            head.write(in.readUnsignedByte());
        }
        return head.toByteArray();
    }

    private static int length(DataInputStream in) throws IOException {
        int length = in.readUnsignedByte();
        return length == 126 ? in.readUnsignedShort() : length;
    }

    /** A frame whose length is written in 16 bits, even if it is short. */
    private static byte[] frame(int first, byte[] payload, int from, int to) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        int length = to - from;
        frame.write(first);
        frame.write(126);
        frame.write(length >>> 8);
        frame.write(length);
        frame.write(payload, from, length);
        return frame.toByteArray();
    }

    private static void dribble(byte[] bytes, OutputStream out) throws IOException {
        for (byte b : bytes) {
            out.write(b);
        }
    }

    @Override
    public void close() {
        relay.close();
    }
}
