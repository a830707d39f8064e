package io.fanfare.cli.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands before a broker and makes what it says hard to read: single bytes, two fragments for each WebSocket message, a Ping
 * between them.
 */
final class CuttingProxy implements AutoCloseable {

    private static final int FIN = 0x80;
    private static final byte[] PING = {(byte) 0x89, 2, 'h', 'i'};

    private final ServerSocket listener;
    private final URI broker;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    CuttingProxy(URI broker) throws IOException {
        this.broker = broker;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    URI url() {
        return URI.create("ws://127.0.0.1:" + listener.getLocalPort() + broker.getPath());
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket server = new Socket(broker.getHost(), broker.getPort());
            client.setTcpNoDelay(true);
            sockets.addAll(List.of(client, server));
            start(() -> client.getInputStream().transferTo(server.getOutputStream()));
            start(() -> {
                cut(new DataInputStream(server.getInputStream()), client.getOutputStream());
                client.shutdownOutput();
            });
        }
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

    private static byte[] head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            head.write(in.read());
        }
        return head.toByteArray();
    }

    private static int length(DataInputStream in) throws IOException {
        int length = in.readUnsignedByte();
        return length == 126 ? in.readUnsignedShort() : length;
    }

    /** A frame with its length in 16 bits, whatever it is. */
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

    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                // a socket was closed: the test is over, or the connection is
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
