package io.fanfare.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A bad network between clients and a server: slow, late, cut in the middle, or silent without an end. */
final class ToxicProxy implements AutoCloseable {

    private static final int SMALL_BUFFER = 4 << 10;

    private final ServerSocket listener;
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final Way up = new Way();
    private final Way down = new Way();

    private ToxicProxy(int target) throws IOException {
        this.target = target;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    static ToxicProxy to(int port) {
        try {
            return new ToxicProxy(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client of the server, by way of this network. */
    RawTcp connect() {
        return RawTcp.connect(listener.getLocalPort());
    }

    /** From the clients to the server. */
    Way up() {
        return up;
    }

    /** From the server to the clients. */
    Way down() {
        return down;
    }

    /** Both sides see a RST. */
    void resets() {
        for (Socket socket : sockets) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException e) {
                // it has ended already
            }
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket();
                // what the network keeps must not hide that nothing gets through
                server.setReceiveBufferSize(SMALL_BUFFER);
                server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
                for (Socket socket : new Socket[] {client, server}) {
                    socket.setTcpNoDelay(true);
                    sockets.add(socket);
                }
                start(() -> up.carry(client, server));
                start(() -> down.carry(server, client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "toxic");
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
        up.stopped.countDown();
        down.stopped.countDown();
        resets();
    }

    /** One direction; what is set holds for the bytes that come afterwards. */
    final class Way {

        private final CountDownLatch stopped = new CountDownLatch(1);
        private volatile int pieceBytes = 64 << 10;
        private volatile Duration pause = Duration.ZERO;
        private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
        private volatile boolean silent;

        /** One byte, a pause, one byte. */
        void trickles(Duration between) {
            pieceBytes = 1;
            pause = between;
        }

        /** Whatever comes gets there so much later. */
        void isLate(Duration latency) {
            pause = latency;
        }

        /** Nothing gets through any more, and nobody is told. */
        void fallsSilent() {
            silent = true;
        }

        /** After so many bytes more the connection is reset. */
        void breaksAfter(long bytes) {
            left.set(bytes);
        }

        private void carry(Socket from, Socket to) {
            byte[] buffer = new byte[64 << 10];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int count = in.read(buffer, 0, pieceBytes); count >= 0; count = in.read(buffer, 0, pieceBytes)) {
                    LockSupport.parkNanos(pause.toNanos());
                    if (silent) {
                        stopped.await();
                        return;
                    }
                    int part = (int) Math.min(count, left.get());
                    // first the count: what the write leads to may set it anew
                    boolean breaks = left.addAndGet(-part) == 0;
                    out.write(buffer, 0, part);
                    if (breaks) {
                        resets();
                        return;
                    }
                }
                to.shutdownOutput();
            } catch (IOException e) {
                resets();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
