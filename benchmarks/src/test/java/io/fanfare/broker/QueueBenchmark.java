package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fanfare.benchmarks.Defaults;
import io.fanfare.loop.Framing;
import io.fanfare.session.Session;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Puts one message into a queue, delivers it and, with an ack mode that needs it, acknowledges it. */
public class QueueBenchmark extends Defaults {

    private static final byte[] ACK = "ACK\nid:".getBytes(US_ASCII);
    private static final Pattern FIRST = Pattern.compile("ack:(.*-)(\\d+)\n");

    @Param({"auto", "client-individual"})
    String ack;

    private final BrokerRig rig = new BrokerRig();
    private final ByteBuffer send = BrokerRig.bytes(
            "SEND\ndestination:/queue/jobs\ncontent-type:text/plain\ncontent-length:128\n\n" + "x".repeat(128) + "\0");
    private final ByteBuffer acknowledge = ByteBuffer.allocate(200);
    private Session producer;
    private Session consumer;

    /** What the broker's {@code ack} headers for this consumer begin with; a number that counts follows. */
    private byte[] prefix = {};

    private long lastAck;

    @Setup
    public void consume() {
        OpenSocket socket = new OpenSocket(Framing.WEBSOCKET_TEXT);
        consumer = rig.connect(socket, "SUBSCRIBE\nid:0\ndestination:/queue/jobs\nack:" + ack + "\n\n\0");
        producer = rig.connect(Framing.TCP);
        if (!ack.equals("auto")) {
            socket.keep();
            rig.read(producer, send.clear());
            Matcher first = FIRST.matcher(socket.kept());
            if (!first.find()) {
                throw new IllegalStateException("no ack header");
            }
            prefix = first.group(1).getBytes(US_ASCII);
            lastAck = Long.parseLong(first.group(2));
            writeAck(lastAck);
            rig.read(consumer, acknowledge);
        }
    }

    @Benchmark
    public void round() {
        rig.read(producer, send.clear());
        if (!ack.equals("auto")) {
            writeAck(++lastAck);
            rig.read(consumer, acknowledge);
        }
    }

    /** Writes the number by hand, so that only the broker allocates. */
    private void writeAck(long id) {
        int digits = 1;
        for (long rest = id; rest >= 10; rest /= 10) {
            digits++;
        }
        acknowledge.clear().put(ACK).put(prefix);
        int end = acknowledge.position() + digits;
        long rest = id;
        for (int i = end - 1; i >= acknowledge.position(); i--) {
            acknowledge.put(i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        acknowledge
                .position(end)
                .put((byte) '\n')
                .put((byte) '\n')
                .put((byte) 0)
                .flip();
    }
}
