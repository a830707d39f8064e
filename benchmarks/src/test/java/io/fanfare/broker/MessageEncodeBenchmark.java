package io.fanfare.broker;

import io.fanfare.benchmarks.Defaults;
import io.fanfare.compression.Compression;
import io.fanfare.frame.Headers;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.Chunk;
import io.fanfare.loop.Framing;
import io.fanfare.loop.TurnBuffer;
import io.fanfare.message.Encoding;
import io.fanfare.message.Message;
import io.fanfare.message.MessageEncoder;
import io.fanfare.message.SendProperties;
import io.fanfare.statistics.LoopCounts;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Encodes one MESSAGE into the turn's buffer, for all subscribers that share its bytes. */
public class MessageEncodeBenchmark extends Defaults {

    @Param({"128", "1024"})
    int bodyBytes;

    /** Whether a header needs escaping, so that every character has to be checked. */
    @Param({"false", "true"})
    boolean escaped;

    private final TurnBuffer buffer = new TurnBuffer(new LoopCounts());
    private final MessageEncoder encoder = new MessageEncoder(buffer, "t0a1b2-");
    private final Encoding encoding = new Encoding(StompVersion.V1_2, Framing.WEBSOCKET_TEXT, Compression.NONE, "0");
    private Message message;

    @Setup
    public void create() {
        Headers headers = Headers.of(
                "destination", "/topic/prices", "content-type", "text/plain", "time", escaped ? "12:30" : "12.30");
        message = new Message(
                headers,
                new byte[bodyBytes],
                1_700_000_000_000L,
                SendProperties.of(Headers.EMPTY, BrokerClock.SYSTEM),
                null);
        message.place(1, 1);
    }

    @Benchmark
    public Chunk message() {
        Chunk chunk = encoder.encode(this, message, encoding);
        buffer.reset();
        return chunk;
    }
}
