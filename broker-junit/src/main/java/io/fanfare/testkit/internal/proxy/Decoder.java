package io.fanfare.testkit.internal.proxy;

import io.fanfare.testkit.internal.StompSplitter;
import io.fanfare.testkit.internal.WsFrame;
import io.fanfare.testkit.internal.WsSplitter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Makes units of the octets of one direction, once it is known what they are. Not thread-safe. */
final class Decoder {

    /** Beyond this, octets are not kept to find the end of a frame. */
    private static final int MOST_KEPT_BYTES = 16 << 20;

    private final StompSplitter stomp = new StompSplitter();
    private final WsSplitter frames = new WsSplitter();
    private final boolean isWebSocket;

    /** Octets, and what was found in them, of a STOMP frame that spans several frames of a WebSocket. */
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    /** Whether a frame came last. */
    private boolean behindFrame;

    private List<Piece> pieces = new ArrayList<>();

    Decoder(boolean isWebSocket) {
        this.isWebSocket = isWebSocket;
    }

    /** Takes octets; gives each unit that is whole now. */
    void feed(byte[] octets, int length, Consumer<Unit> whole) {
        if (isWebSocket) {
            frames.feed(octets, 0, length, frame -> onFrame(frame, whole));
        } else {
            stomp.feed(octets, 0, length, octetsOfOne -> onPiece(Piece.stomp(octetsOfOne), whole));
        }
    }

    private void onPiece(Piece piece, Consumer<Unit> whole) {
        // over TCP, a line feed may follow each frame: no heart-beat
        boolean belongsToFrame = behindFrame && piece.kind() == Piece.Kind.HEART_BEAT;
        behindFrame = piece.kind() == Piece.Kind.FRAME;
        whole.accept(new Unit(piece.octets(), belongsToFrame ? List.of() : List.of(piece), 0));
    }

    /** Whether so much of a frame has come that its end is not worth waiting for. */
    boolean isTooLong() {
        return stomp.pending() + frames.pending() + kept.size() > MOST_KEPT_BYTES;
    }

    private void onFrame(WsFrame frame, Consumer<Unit> whole) {
        if (frame.isControl()) {
            whole.accept(new Unit(frame.octets(), List.of(control(frame)), frame.opcode()));
            return;
        }
        kept.writeBytes(frame.octets());
        stomp.feed(frame.payload(), 0, frame.payload().length, piece -> pieces.add(Piece.stomp(piece)));
        if (stomp.pending() == 0) {
            whole.accept(new Unit(kept.toByteArray(), pieces, frame.opcode() == 0 ? WsFrame.TEXT : frame.opcode()));
            kept.reset();
            pieces = new ArrayList<>();
        }
    }

    private static Piece control(WsFrame frame) {
        Piece.Kind kind = switch (frame.opcode()) {
            case WsFrame.CLOSE -> Piece.Kind.CLOSE;
            case WsFrame.PING -> Piece.Kind.PING;
            default -> Piece.Kind.PONG;
        };
        return new Piece(kind, frame.payload(), null);
    }
}
