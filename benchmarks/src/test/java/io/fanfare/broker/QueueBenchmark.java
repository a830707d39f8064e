package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fanfare.benchmarks.Defaults;
import io.fanfare.loop.Framing;
import io.fanfare.session.Session;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Puts one message into a queue, delivers it and, with an ack mode that needs it, acknowledges it. */
public class QueueBenchmark extends Defaults {

    private static final byte[] ACK = "ACK\nid:".getBytes(US_ASCII);
    private static final int MAX_DIGITS = 19;

    @Param({"auto", "client-individual"})
    String ack;

    private final BrokerRig rig = new BrokerRig();
    private final ByteBuffer send = BrokerRig.bytes(
            "SEND\ndestination:/queue/jobs\ncontent-type:text/plain\ncontent-length:128\n\n" + "x".repeat(128) + "\0");
    private final ByteBuffer acknowledge = ByteBuffer.allocate(ACK.length + MAX_DIGITS + 3);
    private Session producer;
    private Session consumer;

    /** Number of deliveries so far; the broker's ack ids are the same numbers. */
    private long deliveries;

    @Setup
    public void consume() {
        consumer =
                rig.connect(Framing.WEBSOCKET_TEXT, "SUBSCRIBE\nid:0\ndestination:/queue/jobs\nack:" + ack + "\n\n\0");
        producer = rig.connect(Framing.TCP);
    }

    @Benchmark
    public void round() {
        rig.read(producer, send.clear());
        if (!ack.equals("auto")) {
            writeAck(++deliveries);
            rig.read(consumer, acknowledge);
        }
    }

    /** Writes the number by hand, so that only the broker allocates. */
    private void writeAck(long id) {
        int digits = 1;
        for (long rest = id; rest >= 10; rest /= 10) {
            digits++;
        }
        acknowledge.clear().put(ACK);
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
