package io.fanfare.testkit.internal.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.testkit.wire.StompFrame;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A STOMP frame, a heart-beat, or a control frame of a WebSocket.
 *
 * @param kind which of them
 * @param octets a frame's with its NUL, a heart-beat's line feed, a control frame's payload
 * @param frame null: it is none, or can't be read
 */
record Piece(Kind kind, byte[] octets, @Nullable StompFrame frame) {

    enum Kind {
        FRAME,
        HEART_BEAT,
        CLOSE,
        PING,
        PONG
    }

    private static final int SHOWN_CHARS = 300;

    /** What {@link io.fanfare.testkit.internal.StompSplitter} gives. */
    static Piece stomp(byte[] octets) {
        if (octets.length == 1 && octets[0] != 0) {
            return new Piece(Kind.HEART_BEAT, octets, null);
        }
        return new Piece(Kind.FRAME, octets, parse(octets));
    }

    private static @Nullable StompFrame parse(byte[] octets) {
        try {
            return StompFrame.parse(Arrays.copyOf(octets, octets.length - 1));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** For a transcript; without secrets. */
    String shown() {
        if (frame != null) {
            return frame.toString();
        }
        if (kind == Kind.FRAME) {
            String text = StompFrame.withoutSecrets(new String(octets, UTF_8).replace("\0", "^@"));
            return "(no frame) " + text.substring(0, Math.min(SHOWN_CHARS, text.length()));
        }
        return "(" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + ")";
    }
}
