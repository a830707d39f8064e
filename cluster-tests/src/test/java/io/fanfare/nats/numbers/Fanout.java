package io.fanfare.nats.numbers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One publisher and the subscribers of its topic, on one thread, in a closed loop: the publisher is at most a window ahead of the
 * slowest subscriber.
 */
final class Fanout implements AutoCloseable {

    private static final String TOPIC = "/topic/fan-out";
    private static final int BUFFER_BYTES = 256 << 10;
    private static final Duration SUBSCRIBING = Duration.ofMinutes(2);

    private final Selector selector = Selector.open();
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES);
    private final List<Receiver> receivers = new ArrayList<>();
    private final SocketChannel publisher;
    private final int window;

    /** Frames of SEND, one behind the other; a write begins with one. */
    private final ByteBuffer frames;

    private final int frameBytes;

    /** Octets of SENDs that have been written. */
    private long written;

    private long deliveries;

    private Fanout(int port, int bodyBytes, int window) throws IOException {
        this.window = window;
        byte[] frame = ("SEND\ndestination:" + TOPIC + "\n\n" + "x".repeat(bodyBytes) + "\0").getBytes(ISO_8859_1);
        frameBytes = frame.length;
        frames = ByteBuffer.allocateDirect(BUFFER_BYTES / frame.length * frame.length);
        while (frames.hasRemaining()) {
            frames.put(frame);
        }
        publisher = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        publisher.write(ByteBuffer.wrap("CONNECT\naccept-version:1.2\nhost:h\n\n\0".getBytes(ISO_8859_1)));
        awaitConnected();
        publisher.configureBlocking(false);
        publisher.register(selector, 0);
    }

    /**
     * Deliveries a second.
     *
     * @param publisher the port at which messages are sent
     * @param subscribers the ports at which they are received, each with so many subscribers
     * @param window how many messages the publisher is ahead of the slowest subscriber
     * @param warmUp how long it runs before it counts
     */
    static double rate(int publisher, List<Integer> subscribers, int each, int window, Duration warmUp, Duration time)
            throws IOException {
        try (Fanout fanout = new Fanout(publisher, ClusterNumbers.BODY_BYTES, window)) {
            for (int i = 0; i < each; i++) {
                for (int port : subscribers) {
                    fanout.receivers.add(new Receiver(port, TOPIC, fanout.selector));
                }
            }
            fanout.awaitSubscribed();
            fanout.run(warmUp);
            long before = fanout.deliveries;
            long start = System.nanoTime();
            fanout.run(time);
            return (fanout.deliveries - before) * 1e9 / (System.nanoTime() - start);
        }
    }

    /** Until the only frame is there, which may have a line feed behind it. */
    private void awaitConnected() throws IOException {
        in.clear();
        while (Receiver.zeros(in.array(), in.position()) == 0) {
            if (publisher.read(in) < 0) {
                throw new IOException("the publisher's connection has been closed");
            }
        }
    }

    /** Until the subscribers are there. */
    private void awaitSubscribed() throws IOException {
        long end = System.nanoTime() + SUBSCRIBING.toNanos();
        while (!receivers.stream().allMatch(Receiver::isSubscribed)) {
            if (System.nanoTime() > end) {
                throw new IOException("subscribers have not got their RECEIPTs");
            }
            selector.select(100);
            read();
        }
        deliveries = 0;
    }

    private void run(Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        long slowest = slowest();
        long heard = System.nanoTime();
        while (System.nanoTime() < end) {
            boolean isBlocked = publish(slowest);
            publisher.keyFor(selector).interestOps(isBlocked ? SelectionKey.OP_WRITE : 0);
            selector.select(100);
            long before = deliveries;
            read();
            slowest = slowest();
            long now = System.nanoTime();
            if (deliveries > before) {
                heard = now;
            } else if (now - heard > Duration.ofSeconds(10).toNanos()) {
                throw new IOException("no message has come for 10 s");
            }
        }
    }

    private void read() throws IOException {
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.attachment() instanceof Receiver receiver && key.isReadable()) {
                deliveries += receiver.read(in);
            }
        }
        selector.selectedKeys().clear();
    }

    private long slowest() {
        long slowest = Long.MAX_VALUE;
        for (Receiver each : receivers) {
            slowest = Math.min(slowest, each.messages());
        }
        return slowest;
    }

    /** Sends what the window allows; whether the socket takes no more. */
    private boolean publish(long slowest) throws IOException {
        long allowed = (slowest + window) * frameBytes - written;
        while (allowed > 0) {
            int begin = (int) (written % frames.capacity());
            frames.limit((int) Math.min(begin + allowed, frames.capacity())).position(begin);
            int wrote = publisher.write(frames);
            written += wrote;
            allowed -= wrote;
            if (frames.hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        publisher.close();
        for (Receiver each : receivers) {
            each.close();
        }
        selector.close();
    }
}
