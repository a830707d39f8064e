package io.fanfare.testkit.internal.proxy;

import io.fanfare.testkit.internal.WsFrame;
import java.util.List;

/**
 * The least that passes as a whole when frames are looked at.
 *
 * @param octets as they came
 * @param pieces what is in them; empty: nothing that a fault is about
 * @param opcode of the WebSocket's message; 0: there is no WebSocket
 */
record Unit(byte[] octets, List<Piece> pieces, int opcode) {

    /** One of its pieces, as it goes over the wire alone. */
    byte[] encode(Piece piece, boolean fromClient) {
        return opcode == 0
                ? piece.octets()
                : WsFrame.of(opcode, piece.octets(), fromClient).octets();
    }
}
