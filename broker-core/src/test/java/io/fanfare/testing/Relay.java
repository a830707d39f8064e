package io.fanfare.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between clients and a server of this machine: each connection to it is one to the server. */
public final class Relay implements AutoCloseable {

    private static final int SMALL_BUFFER = 4 << 10;

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final int receiveBufferBytes;
    private final Carrier up;
    private final Carrier down;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean refuses;

    /** Gets bytes from one side to the other. */
    public interface Carrier {

        /** Carries bytes to their end, which is then told to the other side; both see a RST when this throws. */
        void carry(Socket from, Socket to) throws IOException;
    }

    private Relay(InetSocketAddress target, int receiveBufferBytes, Carrier up, Carrier down) {
        this.target = target;
        this.receiveBufferBytes = receiveBufferBytes;
        this.up = up;
        this.down = down;
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    /**
     * A relay to a port of this machine.
     *
     * @param up from the clients to the server
     * @param down from the server to the clients
     */
    public static Relay to(int port, Carrier up, Carrier down) {
        return new Relay(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0, up, down);
    }

    /** The same with a kernel that takes few bytes of the server that are not carried on. */
    public static Relay withSmallReceiveBuffer(InetSocketAddress target, Carrier up, Carrier down) {
        return new Relay(target, SMALL_BUFFER, up, down);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Both sides of every connection see a RST. */
    public void resets() {
        sockets.forEach(this::reset);
    }

    /** Whether new connections are reset at once, as they also are while nothing listens at the target. */
    public void refuses(boolean refused) {
        refuses = refused;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                sockets.add(client);
                connect(client);
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        sockets.add(server);
        try {
            if (refuses) {
                throw new IOException("refused");
            }
            if (receiveBufferBytes > 0) {
                server.setReceiveBufferSize(receiveBufferBytes);
            }
            server.connect(target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            start(() -> carry(up, client, server));
            start(() -> carry(down, server, client));
        } catch (IOException e) {
            reset(client);
            reset(server);
        }
    }

    private void carry(Carrier carrier, Socket from, Socket to) {
        try {
            carrier.carry(from, to);
            to.shutdownOutput();
        } catch (IOException e) {
            reset(from);
            reset(to);
        }
    }

    private void reset(Socket socket) {
        sockets.remove(socket);
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // it has ended already
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        resets();
    }
}
