package io.fanfare.nats.numbers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A subscriber that counts its frames by their NULs, without blocking. */
final class Receiver implements AutoCloseable {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long LOW_BITS = 0x7f7f7f7f7f7f7f7fL;

    /** Those of CONNECTED and of the RECEIPT of SUBSCRIBE. */
    private static final int FRAMES_BEFORE = 2;

    private final SocketChannel channel;
    private long frames = -FRAMES_BEFORE;

    /** Connects, and asks for the messages of a topic; {@link #isSubscribed} tells when these come. */
    Receiver(int port, String topic, Selector selector) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.write(ByteBuffer.wrap(
                ("CONNECT\naccept-version:1.2\nhost:h\n\n\0SUBSCRIBE\nid:0\nreceipt:r\ndestination:" + topic + "\n\n\0")
                        .getBytes(ISO_8859_1)));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, this);
    }

    boolean isSubscribed() {
        return frames >= 0;
    }

    /** Messages so far. */
    long messages() {
        return frames;
    }

    /** Counts what can be read with one buffer; how many frames that were. */
    int read(ByteBuffer buffer) throws IOException {
        buffer.clear();
        int read = channel.read(buffer);
        if (read < 0) {
            throw new EOFException("a subscriber has been closed after " + frames + " messages");
        }
        int count = zeros(buffer.array(), read);
        frames += count;
        return count;
    }

    /** How many of the first octets are zero. */
    static int zeros(byte[] bytes, int length) {
        int count = 0;
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            long word = (long) LONGS.get(bytes, at);
            long nonZero = ((word & LOW_BITS) + LOW_BITS) | word | LOW_BITS;
            count += Long.bitCount(~nonZero);
        }
        for (; at < length; at++) {
            if (bytes[at] == 0) {
                count++;
            }
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
