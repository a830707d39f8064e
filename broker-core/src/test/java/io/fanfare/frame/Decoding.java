package io.fanfare.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fanfare.testing.Transcript;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Has a decoder read frames, in whatever pieces they come. */
final class Decoding {

    private Decoding() {}

    /** A decoder behind CONNECT. */
    static FrameDecoder decoder(StompVersion version) {
        FrameDecoder decoder = new FrameDecoder(FrameLimits.DEFAULT);
        decoder.version(version);
        return decoder;
    }

    static FrameDecoder decoder(StompVersion version, FrameLimits limits) {
        FrameDecoder decoder = new FrameDecoder(limits);
        decoder.version(version);
        return decoder;
    }

    /** A decoder before CONNECT. */
    static FrameDecoder freshDecoder() {
        return new FrameDecoder(FrameLimits.DEFAULT);
    }

    static Frame one(FrameDecoder decoder, String text) {
        return one(decoder, Transcript.bytes(text));
    }

    static Frame one(FrameDecoder decoder, byte[] bytes) {
        List<Frame> frames = feed(decoder, bytes);
        assertThat(frames).hasSize(1);
        assertThat(decoder.isInsideFrame()).isFalse();
        return frames.get(0);
    }

    static List<Frame> all(FrameDecoder decoder, String text) {
        return feed(decoder, Transcript.bytes(text));
    }

    /** The frames in these reads. Each read is wiped before the next one, as a connection's buffer is used again. */
    static List<Frame> feed(FrameDecoder decoder, byte[]... reads) {
        List<Frame> frames = new ArrayList<>();
        for (byte[] read : reads) {
            byte[] array = new byte[read.length + 5];
            Arrays.fill(array, (byte) '!');
            System.arraycopy(read, 0, array, 3, read.length);
            ByteBuffer in = ByteBuffer.wrap(array).position(2).slice();
            in.position(1).limit(1 + read.length);
            for (Frame frame = decoder.decode(in); frame != null; frame = decoder.decode(in)) {
                frames.add(frame);
            }
            assertThat(in.hasRemaining()).isFalse();
            Arrays.fill(array, (byte) '!');
        }
        return frames;
    }

    static ProtocolException fault(FrameDecoder decoder, String text) {
        return fault(decoder, Transcript.bytes(text));
    }

    static ProtocolException fault(FrameDecoder decoder, byte[]... reads) {
        ProtocolException fault = catchThrowableOfType(ProtocolException.class, () -> feed(decoder, reads));
        assertThat(fault)
                .as("fault in %s", Arrays.stream(reads).map(Transcript::text).toList())
                .isNotNull();
        return fault;
    }

    /** These bytes in two reads, cut here. */
    static byte[][] cut(byte[] bytes, int at) {
        return new byte[][] {Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at, bytes.length)};
    }

    static byte[][] singly(byte[] bytes) {
        byte[][] reads = new byte[bytes.length][];
        for (int i = 0; i < bytes.length; i++) {
            reads[i] = new byte[] {bytes[i]};
        }
        return reads;
    }
}
