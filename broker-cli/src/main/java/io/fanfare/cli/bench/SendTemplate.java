package io.fanfare.cli.bench;

import io.fanfare.cli.wire.Opcode;
import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.FrameEncoder;
import io.fanfare.frame.Headers;
import io.fanfare.frame.StompVersion;
import java.util.Arrays;

/**
 * A SEND in its WebSocket frame, encoded once; only its timestamp changes. The mask stays, too: RFC 6455 5.3 requires a
 * fresh one to protect proxies from scripts in browsers that choose what goes over the wire, and there are none here.
 */
final class SendTemplate {

    private static final int MASK_BYTES = 4;

    private final byte[] frame;
    private final int stampAt;

    /** The mask of the timestamp's bytes. */
    private final byte[] key = new byte[Timestamp.BYTES];

    SendTemplate(String destination, int size) {
        byte[] body = new byte[size];
        Arrays.fill(body, (byte) '.');
        byte[] send = FrameEncoder.encode(
                new Frame(Command.SEND, Headers.of("destination", destination), body), StompVersion.V1_2);
        SendBuffer framed = new SendBuffer();
        framed.frame(Opcode.TEXT, send);
        frame = framed.toByteArray();
        int payloadAt = frame.length - send.length;
        // the NUL follows the body
        stampAt = frame.length - 1 - size;
        for (int i = 0; i < key.length; i++) {
            key[i] = frame[payloadAt - MASK_BYTES + (stampAt - payloadAt + i) % MASK_BYTES];
        }
    }

    void put(long nanos, SendBuffer out) {
        int at = out.put(frame) + stampAt;
        byte[] bytes = out.array();
        Timestamp.write(nanos, bytes, at);
        for (int i = 0; i < key.length; i++) {
            bytes[at + i] ^= key[i];
        }
    }
}
