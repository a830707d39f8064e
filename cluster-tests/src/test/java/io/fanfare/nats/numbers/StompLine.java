package io.fanfare.nats.numbers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;

/**
 * A STOMP connection over TCP that costs little: frames are texts of octets, and bodies have no NUL. One thread may send while
 * another one receives.
 */
final class StompLine implements AutoCloseable {

    private static final int BUFFER_BYTES = 64 << 10;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;

    private StompLine(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
    }

    /** Connects to a port of loopback, and logs in. */
    static StompLine connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        StompLine line = new StompLine(socket);
        // RabbitMQ's own login; a node that asks for none leaves it unread
        line.send("CONNECT\naccept-version:1.2\nhost:/\nlogin:guest\npasscode:guest\n\n\0");
        line.flush();
        line.expects("CONNECTED");
        return line;
    }

    /** Subscribes, and waits until that has been done. */
    void subscribe(String destination, String headers) throws IOException {
        send("SUBSCRIBE\nid:0\nreceipt:subscribed\ndestination:" + destination + "\n" + headers + "\n\0");
        flush();
        expects("RECEIPT");
    }

    /** Puts a frame behind those that {@link #flush} sends. */
    void send(String frame) throws IOException {
        out.write(frame.getBytes(ISO_8859_1));
    }

    void flush() throws IOException {
        out.flush();
    }

    private void expects(String command) throws IOException {
        String frame = next();
        if (!frame.startsWith(command)) {
            throw new IOException("instead of " + command + " came " + frame);
        }
    }

    /**
     * The next frame without its NUL; waits for it.
     *
     * @throws EOFException when the connection has ended
     */
    String next() throws IOException {
        int end = from;
        while (true) {
            while (end < to && buffer[end] != 0) {
                end++;
            }
            if (end < to) {
                break;
            }
            end -= from;
            fill();
            end += from;
        }
        int begin = from;
        while (begin < end && (buffer[begin] == '\n' || buffer[begin] == '\r')) {
            begin++;
        }
        String frame = new String(buffer, begin, end - begin, ISO_8859_1);
        from = end + 1;
        if (frame.startsWith("ERROR")) {
            throw new IOException(frame);
        }
        return frame;
    }

    /** Whether a whole or a part of a frame has been read that {@link #next} has not returned. */
    boolean hasMore() {
        // RabbitMQ has a line feed behind each frame
        while (from < to && buffer[from] == '\n') {
            from++;
        }
        return from < to;
    }

    private void fill() throws IOException {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        int read = in.read(buffer, to, buffer.length - to);
        if (read < 0) {
            throw new EOFException("the connection has been closed");
        }
        to += read;
    }

    /** A header's value as it is on the wire. */
    static String header(String frame, String name) {
        int at = frame.indexOf("\n" + name + ":");
        if (at < 0) {
            throw new IllegalArgumentException("no " + name + " in " + frame);
        }
        int begin = at + name.length() + 2;
        return frame.substring(begin, frame.indexOf('\n', begin));
    }

    static String body(String frame) {
        return frame.substring(frame.indexOf("\n\n") + 2);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
