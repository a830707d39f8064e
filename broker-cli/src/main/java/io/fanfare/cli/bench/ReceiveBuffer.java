package io.fanfare.cli.bench;

import io.fanfare.cli.wire.FrameHeader;
import io.fanfare.frame.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The buffer that all connections are read into, and the parser of the WebSocket frames in it. The connection keeps the
 * bytes of an incomplete frame. Owned by the generator's thread.
 */
final class ReceiveBuffer {

    private static final int MIN_BYTES = 256 << 10;

    /** Room for the command and headers of a MESSAGE. */
    private static final int MAX_HEAD_BYTES = 64 << 10;

    private final byte[] bytes;
    private final ByteBuffer view;

    ReceiveBuffer(long size) {
        // room for two frames: the rest of one is read together with most of the next
        bytes = new byte[(int) Math.max(MIN_BYTES, 2 * (size + MAX_HEAD_BYTES))];
        view = ByteBuffer.wrap(bytes);
    }

    /** Reads once and hands the whole frames to the connection; returns the bytes read, -1 at the end of the stream. */
    int read(Transport transport, BenchConnection connection) throws IOException {
        int kept = connection.restore(bytes);
        view.limit(bytes.length).position(kept);
        int count = transport.read(view);
        int end = kept + Math.max(0, count);
        int used = count > 0 ? connection.received(bytes, end) : 0;
        connection.keep(bytes, used, end);
        if (used == 0 && end == bytes.length) {
            throw new ProtocolException("the broker sent a frame or an event of more than " + bytes.length + " bytes");
        }
        return count;
    }

    /** Hands whole frames to the connection; returns the start of the first incomplete one. */
    static int frames(byte[] bytes, int from, int end, StompConnection connection) {
        int at = from;
        while (end - at >= 2) {
            int header = FrameHeader.size(bytes[at + 1]);
            long length = end - at < header ? Integer.MAX_VALUE : FrameHeader.length(bytes, at);
            if (length < 0 || length > end - at - header) {
                return at;
            }
            int payload = at + header;
            at = payload + (int) length;
            connection.frame(bytes[payload - header] & 0x0F, bytes, payload, at);
        }
        return at;
    }
}
