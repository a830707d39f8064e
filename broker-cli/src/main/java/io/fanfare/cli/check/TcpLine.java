package io.fanfare.cli.check;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A socket, plain or under TLS. */
final class TcpLine implements Line {

    private final Socket socket;
    private final InputStream in;

    private TcpLine(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    static TcpLine open(Target target) throws IOException {
        Socket socket = new Socket();
        try {
            int millis = millis(target.timeout());
            String host = target.url().getHost();
            socket.connect(new InetSocketAddress(host, target.port()), millis);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(millis);
            return new TcpLine(target.isSecure() ? secure(socket, host, target) : socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static Socket secure(Socket socket, String host, Target target) throws IOException {
        SSLSocket secure =
                (SSLSocket) context(target).getSocketFactory().createSocket(socket, host, target.port(), true);
        SSLParameters parameters = secure.getSSLParameters();
        // RFC 2818 3.1
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    private static SSLContext context(Target target) throws IOException {
        if (target.trust().isPresent()) {
            return target.trust().get();
        }
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("this Java has no TLS: " + e.getMessage(), e);
        }
    }

    @Override
    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    @Override
    public int read() throws IOException {
        return in.read();
    }

    @Override
    public void timeout(Duration most) throws IOException {
        socket.setSoTimeout(millis(most));
    }

    private static int millis(Duration time) {
        // 0 would be for ever
        return (int) Math.max(1, Math.min(time.toMillis(), Integer.MAX_VALUE));
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // it is not used any more
        }
    }
}
