package io.fanfare.server;

import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Clients that speak TLS with a {@link TestServer}. */
final class TlsClients {

    private final TestServer server;
    private final SSLContext context;
    private final String[] protocols;

    TlsClients(TestServer server, SSLContext context, String... protocols) {
        this.server = server;
        this.context = context;
        this.protocols = protocols.length == 0 ? new String[] {"TLSv1.3", "TLSv1.2"} : protocols;
    }

    /** A socket to the WebSocket port, before any HTTP. */
    RawTcp http() {
        return connect(server.running().webSocketPort());
    }

    /** A client of plain STOMP, before CONNECT. */
    RawTcp tcp() {
        return connect(server.running().tcpPort());
    }

    RawWebSocket webSocket() {
        return RawWebSocket.open(http());
    }

    RawTcp connect(int port) {
        try {
            return connect(port, (SSLSocket) context.getSocketFactory().createSocket());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client whose kernel takes few bytes that the client does not read. */
    RawTcp connectWithSmallReceiveBuffer(int port) {
        try {
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
            socket.setReceiveBufferSize(4 << 10);
            return connect(port, socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RawTcp connect(int port, SSLSocket socket) throws IOException {
        socket.setEnabledProtocols(protocols);
        RawTcp client =
                server.kept(RawTcp.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), socket));
        socket.startHandshake();
        return client;
    }

    /** A client over a wire that the test holds in its hands. */
    RawTcp connectOver(Wire wire) {
        try {
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(wire, "localhost", 0, true);
            socket.setUseClientMode(true);
            socket.setEnabledProtocols(protocols);
            RawTcp client = server.kept(RawTcp.over(socket));
            socket.startHandshake();
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What TLS clients write to, byte by byte, or held back until it leaves at once. */
    static final class Wire extends Socket {

        private final boolean byteByByte;
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();
        private boolean holding;
        private boolean holdingSoon;

        Wire(int port, boolean byteByByte) throws IOException {
            super(InetAddress.getLoopbackAddress(), port);
            this.byteByByte = byteByByte;
            setTcpNoDelay(true);
        }

        /** Keeps what is written from now on. */
        void hold() {
            holding = true;
        }

        /** The same, but what comes first goes first. */
        void holdBehindFirst() {
            holdingSoon = true;
        }

        /** Turns a bit in the middle of what is held. */
        void spoil() {
            byte[] bytes = held.toByteArray();
            bytes[bytes.length / 2] ^= 1;
            held.reset();
            held.writeBytes(bytes);
        }

        /** Sends it in one piece. */
        void release() throws IOException {
            holding = false;
            super.getOutputStream().write(held.toByteArray());
            held.reset();
        }

        /** What is held is still to be sent: the socket's own end would come before it. */
        @Override
        public void shutdownOutput() throws IOException {
            if (!holding) {
                super.shutdownOutput();
            }
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    if (holding) {
                        held.write(bytes, from, length);
                    } else if (byteByByte) {
                        for (int i = from; i < from + length; i++) {
                            out.write(bytes, i, 1);
                        }
                    } else {
                        out.write(bytes, from, length);
                    }
                    holding |= holdingSoon;
                    holdingSoon = false;
                }
            };
        }
    }
}
