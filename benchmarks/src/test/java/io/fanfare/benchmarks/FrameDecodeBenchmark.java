package io.fanfare.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.frame.Frame;
import io.fanfare.frame.FrameDecoder;
import io.fanfare.frame.FrameLimits;
import io.fanfare.frame.StompVersion;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Decodes one SEND, in one piece or in several. */
public class FrameDecodeBenchmark extends Defaults {

    @Param({"128", "1024"})
    int bodyBytes;

    @Param({"1", "4"})
    int pieces;

    private final FrameDecoder decoder = new FrameDecoder(FrameLimits.DEFAULT);
    private ByteBuffer bytes;

    @Setup
    public void write() {
        decoder.version(StompVersion.V1_2);
        bytes = ByteBuffer.wrap(("SEND\ndestination:/topic/prices\ncontent-type:text/plain\ncontent-length:"
                        + bodyBytes
                        + "\n\n"
                        + "x".repeat(bodyBytes)
                        + "\0")
                .getBytes(UTF_8));
    }

    @Benchmark
    public Frame send() {
        Frame frame = null;
        bytes.clear();
        for (int piece = 1; piece <= pieces; piece++) {
            frame = decoder.decode(bytes.limit(bytes.capacity() * piece / pieces));
        }
        return frame;
    }
}
