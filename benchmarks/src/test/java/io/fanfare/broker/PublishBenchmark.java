package io.fanfare.broker;

import io.fanfare.benchmarks.Defaults;
import io.fanfare.loop.Framing;
import io.fanfare.session.Session;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Handles one SEND, from its bytes to the last write to a subscriber. */
public class PublishBenchmark extends Defaults {

    @Param({"1", "10", "100", "1000"})
    int subscribers;

    /** Whether all subscriptions have one id, and so share the bytes of a MESSAGE. */
    @Param({"true", "false"})
    boolean sameId;

    private final BrokerRig rig = new BrokerRig();
    private final ByteBuffer send =
            BrokerRig.bytes("SEND\ndestination:/topic/prices\ncontent-type:text/plain\ncontent-length:128\n\n"
                    + "x".repeat(128) + "\0");
    private Session publisher;

    @Setup
    public void subscribe() {
        for (int i = 0; i < subscribers; i++) {
            int id = sameId ? 0 : i;
            rig.connect(Framing.WEBSOCKET_TEXT, "SUBSCRIBE\nid:" + id + "\ndestination:/topic/prices\n\n\0");
        }
        publisher = rig.connect(Framing.TCP);
    }

    @Benchmark
    public void publish() {
        rig.read(publisher, send.clear());
    }
}
