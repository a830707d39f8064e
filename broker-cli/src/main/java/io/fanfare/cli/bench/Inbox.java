package io.fanfare.cli.bench;

import io.fanfare.frame.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where sockets are read into, one for all connections, and where WebSocket frames are found in it. A frame that has not
 * come whole waits at its peer. Owned by the load's thread.
 */
final class Inbox {

    private static final int MIN_BYTES = 256 << 10;

    /** For the head of a MESSAGE. */
    private static final int MAX_HEAD_BYTES = 64 << 10;

    private final byte[] bytes;
    private final ByteBuffer view;

    Inbox(long size) {
        // twice, so that the rest of a frame comes with most of the next one
        bytes = new byte[(int) Math.max(MIN_BYTES, 2 * (size + MAX_HEAD_BYTES))];
        view = ByteBuffer.wrap(bytes);
    }

    /** Reads once; returns the bytes that have come, -1 at the end of the stream. */
    int read(Wire wire, Peer peer) throws IOException {
        int kept = peer.restore(bytes);
        view.limit(bytes.length).position(kept);
        int count = wire.read(view);
        int end = kept + Math.max(0, count);
        int used = count > 0 ? peer.received(bytes, end) : 0;
        peer.keep(bytes, used, end);
        if (used == 0 && end == bytes.length) {
            throw new ProtocolException("the broker sent a WebSocket frame of more than " + bytes.length + " bytes");
        }
        return count;
    }

    /** Hands over the whole frames; returns where the one begins that has not come whole. */
    static int frames(byte[] bytes, int from, int end, Peer peer) {
        int at = from;
        while (end - at >= 2) {
            int header = 2;
            long length = bytes[at + 1] & 0xFF;
            if (length == 126) {
                header = 4;
                length = end - at < header
                        ? Integer.MAX_VALUE
                        : ByteBuffer.wrap(bytes, at + 2, 2).getShort() & 0xFFFF;
            } else if (length == 127) {
                header = 10;
                length = end - at < header
                        ? Integer.MAX_VALUE
                        : ByteBuffer.wrap(bytes, at + 2, 8).getLong();
            } else if (length > 127) {
                // RFC 6455 5.1: a server must not mask
                throw new ProtocolException("the broker sent a masked WebSocket frame");
            }
            if (length < 0 || length > end - at - header) {
                return at;
            }
            int payload = at + header;
            at = payload + (int) length;
            peer.frame(bytes[payload - header] & 0x0F, bytes, payload, at);
        }
        return at;
    }
}
