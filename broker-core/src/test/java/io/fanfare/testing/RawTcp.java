package io.fanfare.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** A client that is nothing but a socket: sends any bytes, reads STOMP frame by frame, never waits for ever. */
public final class RawTcp implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;

    private RawTcp(Socket socket) throws IOException {
        this(socket, new BufferedInputStream(socket.getInputStream(), 64 << 10));
    }

    private RawTcp(Socket socket, InputStream in) throws IOException {
        this.socket = socket;
        this.in = in;
        socket.setSoTimeout((int) Await.DEADLINE.toMillis());
        socket.setTcpNoDelay(true);
    }

    public static RawTcp connect(int port) {
        return connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), new Socket());
    }

    /** A client that takes as little memory as there can be: it reads without a buffer. */
    public static RawTcp connectUnbuffered(int port) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            return new RawTcp(socket, socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client with another address: of {@code 127.x.x.x}, Linux lets us have any. */
    public static RawTcp connectFrom(String address, int port) {
        try {
            Socket socket = new Socket();
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
            return connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client whose kernel takes few bytes that the client does not read. */
    public static RawTcp connectWithSmallReceiveBuffer(int port) {
        try {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(4 << 10);
            return connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static RawTcp connect(InetSocketAddress address, Socket socket) {
        try {
            socket.connect(address, (int) Await.DEADLINE.toMillis());
            return new RawTcp(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client on a socket that is connected already. */
    public static RawTcp over(Socket socket) {
        try {
            return new RawTcp(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a transcript: {@code SEND\ndestination:/topic/a\n\nhi^@}. */
    public RawTcp sends(String transcript) {
        return sends(Transcript.bytes(transcript));
    }

    public RawTcp sends(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** CONNECT and its answer. */
    public RawTcp connects() {
        return sends("CONNECT\naccept-version:1.2\nhost:test\n\n^@").got("CONNECTED\nversion:1.2\n", true);
    }

    /** The next frame must be this one; {@code *} stands for anything within a line. */
    public RawTcp got(String transcript) {
        return got(transcript, false);
    }

    /** The next frame must begin like this. */
    public RawTcp gotStart(String transcript) {
        return got(transcript, true);
    }

    private RawTcp got(String transcript, boolean startOnly) {
        String frame = frame();
        if (startOnly) {
            assertThat(Transcript.pattern(transcript).matcher(frame).lookingAt())
                    .as("%s begins with %s", frame, transcript)
                    .isTrue();
        } else {
            assertThat(frame).matches(Transcript.pattern(transcript));
        }
        return this;
    }

    /** The next STOMP frame, as a transcript, with the line feed behind it; heart-beats before it are skipped. */
    public String frame() {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int b = read();
        while (b == '\n') {
            b = read();
        }
        int before = 0;
        while (b != '\n' || before != '\n') {
            head.write(b);
            before = b;
            b = read();
        }
        head.write('\n');
        int length = contentLength(head.toString(ISO_8859_1));
        if (length < 0) {
            for (b = read(); b != 0; b = read()) {
                head.write(b);
            }
        } else {
            head.writeBytes(read(length));
            assertThat(read()).as("NUL behind the body").isZero();
        }
        head.write(0);
        assertThat(read()).as("line feed behind the NUL").isEqualTo('\n');
        return Transcript.text(head.toByteArray());
    }

    private static int contentLength(String head) {
        return head.lines()
                .filter(line -> line.startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(15)))
                .findFirst()
                .orElse(-1);
    }

    /** The next byte, which must come. */
    public int read() {
        try {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the server has closed");
            }
            return b;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether something has come that was not read. */
    public boolean hasReceived() {
        try {
            return in.available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public byte[] read(int count) {
        try {
            byte[] bytes = in.readNBytes(count);
            if (bytes.length < count) {
                throw new EOFException("the server has closed");
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whatever comes until the server closes its side, which must happen. */
    public byte[] readToEnd() {
        try {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing more comes but the end of the connection; a reset counts as one. */
    public void ended() {
        try {
            assertThat(in.read()).as("the end").isEqualTo(-1);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the server has not closed within " + Await.DEADLINE, e);
        } catch (IOException e) {
            // reset: an end, too
        }
    }

    /** Nothing comes for this long. */
    public RawTcp silentFor(Duration time) {
        try {
            socket.setSoTimeout((int) time.toMillis());
            int b = in.read();
            throw new AssertionError(b < 0 ? "the server has closed" : "the server has sent " + b);
        } catch (SocketTimeoutException e) {
            deadline(Await.DEADLINE);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void deadline(Duration each) {
        try {
            socket.setSoTimeout((int) each.toMillis());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends this side only. */
    public void shutdownOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes with a RST. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Socket socket() {
        return socket;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
