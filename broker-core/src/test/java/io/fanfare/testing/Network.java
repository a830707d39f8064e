package io.fanfare.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The network between clients and a server. It is a good one until a test makes it slow, late, silent without an end, or
 * cuts it in the middle.
 */
public final class Network implements AutoCloseable {

    private final Way up = new Way();
    private final Way down = new Way();
    private final Relay relay;
    private volatile boolean isClosed;

    private Network(InetSocketAddress target) {
        // what the network keeps must not hide that nothing gets through
        relay = Relay.withSmallReceiveBuffer(target, up::carry, down::carry);
    }

    /** The way to a port of this machine. */
    public static Network to(int port) {
        return to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** The way to a server anywhere. */
    public static Network to(InetSocketAddress target) {
        return new Network(target);
    }

    /** Where clients connect to the server by way of this network. */
    public int port() {
        return relay.port();
    }

    /** From the clients to the server. */
    public Way up() {
        return up;
    }

    /** From the server to the clients. */
    public Way down() {
        return down;
    }

    /** Both sides of every connection see a RST, as when a plug is pulled or a process killed. */
    public void resets() {
        relay.resets();
    }

    /** Every connection sees a RST, and so do new ones. */
    public void isCut() {
        relay.refuses(true);
        relay.resets();
    }

    /** New connections get through again, and what was held back by silence arrives, as TCP sends it again and again. */
    public void heals() {
        relay.refuses(false);
        up.speaks();
        down.speaks();
    }

    @Override
    public void close() {
        relay.close();
        isClosed = true;
        heals();
    }

    /** One direction; what is set holds for the bytes that come afterwards. */
    public final class Way {

        private final AtomicInteger reads = new AtomicInteger();
        private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
        private volatile int pieceBytes = 64 << 10;
        private volatile Duration pause = Duration.ZERO;
        private volatile CountDownLatch silence = new CountDownLatch(0);

        private Way() {}

        /** How many times bytes have come. */
        public int reads() {
            return reads.get();
        }

        /** One byte, a pause, one byte. */
        public void trickles(Duration between) {
            pieceBytes = 1;
            pause = between;
        }

        /** Whatever comes gets there so much later. */
        public void isLate(Duration latency) {
            pause = latency;
        }

        /** Nothing gets through until the network heals, and neither side is told. */
        public void fallsSilent() {
            silence = new CountDownLatch(1);
        }

        /** What was held back arrives. */
        public void speaks() {
            silence.countDown();
        }

        /** After so many bytes more the connection is reset. */
        public void breaksAfter(long bytes) {
            left.set(bytes);
        }

        private void carry(Socket from, Socket to) throws IOException {
            byte[] buffer = new byte[64 << 10];
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer, 0, pieceBytes); count >= 0; count = in.read(buffer, 0, pieceBytes)) {
                reads.incrementAndGet();
                LockSupport.parkNanos(pause.toNanos());
                awaitSpeech();
                if (isClosed) {
                    return;
                }
                int part = (int) Math.min(count, left.get());
                // first the count: what the write leads to may set it anew
                boolean breaks = left.addAndGet(-part) == 0;
                out.write(buffer, 0, part);
                if (breaks) {
                    throw new IOException("the network breaks here");
                }
            }
        }

        private void awaitSpeech() throws IOException {
            try {
                silence.await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
        }
    }
}
