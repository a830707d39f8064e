package io.fanfare.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.loop.Framing;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Takes a broker's bytes apart again, as strictly as a client may: framing, frames, heart-beats. */
public final class Wire {

    private static final int RSV1 = 0x40;

    /** RFC 7692 7.2.2: what the sender has left out; then a last block, without which the end would not be known. */
    private static final byte[] END = {0, 0, (byte) 0xff, (byte) 0xff, 1, 0, 0, (byte) 0xff, (byte) 0xff};

    private Wire() {}

    /** What a client has received; bytes of a frame whose end has not come are left out. */
    public static List<Received> read(byte[] bytes, Framing framing) {
        List<Received> all = new ArrayList<>();
        if (!framing.isWebSocket()) {
            read(ByteBuffer.wrap(bytes), framing == Framing.TCP ? 1 : 0, all);
            return all;
        }
        for (WebSocketMessage message : messages(bytes, framing)) {
            ByteBuffer in = ByteBuffer.wrap(message.payload());
            int end = endOf(in);
            if (end != in.limit()) {
                throw new AssertionError(
                        "not one frame in one WebSocket message: " + Transcript.text(message.payload()));
            }
            all.add(next(in, end));
        }
        return all;
    }

    /** Takes the whole frames and heart-beats from the front of these bytes of TCP, each frame with its line feed. */
    public static void read(ByteBuffer in, List<Received> into) {
        read(in, 1, into);
    }

    private static void read(ByteBuffer in, int lineFeeds, List<Received> into) {
        while (in.hasRemaining()) {
            int end = endOf(in);
            if (end < 0) {
                return;
            }
            int behind = in.get(in.position()) == '\n' ? end : end + lineFeeds;
            if (behind > in.limit()) {
                return;
            }
            into.add(next(in, end));
            for (int i = end; i < behind; i++) {
                if (in.get() != '\n') {
                    throw new AssertionError("no line feed behind the NUL");
                }
            }
        }
    }

    private static Received next(ByteBuffer in, int end) {
        byte[] frame = new byte[end - in.position() - 1];
        boolean heartBeat = in.get(in.position()) == '\n';
        in.get(frame).get();
        return heartBeat ? Received.heartBeat() : Received.of(frame);
    }

    /** Where the frame that begins here ends; negative when its end is not here. */
    private static int endOf(ByteBuffer in) {
        int start = in.position();
        if (in.get(start) == '\n') {
            return start + 1;
        }
        int length = -1;
        int line = start;
        for (int i = start; i < in.limit(); i++) {
            if (in.get(i) == 0) {
                return i + 1;
            }
            if (in.get(i) == '\n') {
                String text = new String(in.array(), in.arrayOffset() + line, i - line, UTF_8);
                if (text.startsWith("content-length:")) {
                    length = Integer.parseInt(text.substring("content-length:".length()));
                }
                if (text.isEmpty() && length >= 0) {
                    int end = i + 1 + length + 1;
                    if (end > in.limit()) {
                        return -1;
                    }
                    if (in.get(end - 1) != 0) {
                        throw new AssertionError("no NUL behind a body of " + length);
                    }
                    return end;
                }
                line = i + 1;
            }
        }
        return -1;
    }

    /**
     * An unfragmented message without a mask.
     *
     * @param compressed whether it came compressed; the payload is what it inflates to
     */
    public record WebSocketMessage(boolean text, boolean compressed, byte[] payload) {}

    /** The whole messages among these bytes (RFC 6455 5.2), checked for what a server must not do. */
    public static List<WebSocketMessage> messages(byte[] bytes, Framing framing) {
        List<WebSocketMessage> messages = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.remaining() >= 2) {
            int first = in.get() & 0xff;
            boolean compressed = (first & RSV1) != 0;
            first &= ~RSV1;
            if ((first != 0x81 && first != 0x82) || (first == 0x81 && framing == Framing.WEBSOCKET_BINARY)) {
                throw new AssertionError("a WebSocket frame begins with " + Integer.toHexString(first));
            }
            long length = in.get();
            int more = length == 126 ? 2 : length == 127 ? 8 : 0;
            if (length < 0 || in.remaining() < more) {
                return messages;
            }
            if (more == 2) {
                length = in.getShort() & 0xffff;
            } else if (more == 8) {
                length = in.getLong();
            }
            if ((more == 2 && length < 126) || (more == 8 && length < 1 << 16)) {
                throw new AssertionError("a length of " + length + " in " + more + " bytes is not minimal");
            }
            if (in.remaining() < length) {
                return messages;
            }
            byte[] payload = new byte[(int) length];
            in.get(payload);
            messages.add(new WebSocketMessage(first == 0x81, compressed, compressed ? inflated(payload) : payload));
        }
        return messages;
    }

    /** What a compressed message inflates to, with no context from messages before it. */
    public static byte[] inflated(byte[] payload) {
        byte[] all = Arrays.copyOf(payload, payload.length + END.length);
        System.arraycopy(END, 0, all, payload.length, END.length);
        Inflater inflater = new Inflater(true);
        inflater.setInput(all);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] part = new byte[8192];
        try {
            while (!inflater.finished()) {
                int length = inflater.inflate(part);
                if (length == 0 && !inflater.finished()) {
                    throw new AssertionError("a compressed message is cut off");
                }
                out.write(part, 0, length);
            }
            if (inflater.getRemaining() > 0) {
                throw new AssertionError("a compressed message ends before its end");
            }
        } catch (DataFormatException e) {
            throw new AssertionError("a compressed message is corrupt", e);
        } finally {
            inflater.end();
        }
        return out.toByteArray();
    }

    /** A payload compressed as a client compresses it, with no context from messages before it. */
    public static byte[] deflated(byte[] payload) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(payload);
        byte[] out = new byte[payload.length + payload.length / 100 + 100];
        int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, length - 4);
    }
}
