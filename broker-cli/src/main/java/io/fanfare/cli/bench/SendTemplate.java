package io.fanfare.cli.bench;

import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.FrameEncoder;
import io.fanfare.frame.Headers;
import io.fanfare.frame.StompVersion;
import java.util.Arrays;

/**
 * A SEND in its WebSocket frame, encoded once; only the stamp changes. The mask stays too: RFC 6455 5.3 wants a fresh one for
 * the sake of proxies between a browser and its server, and scripts that try to fool them; nothing here is a script's.
 */
final class SendTemplate {

    private static final int MASK_BYTES = 4;

    private final byte[] frame;
    private final int stampAt;

    /** What the stamp's bytes are masked with. */
    private final byte[] key = new byte[Stamp.BYTES];

    SendTemplate(String destination, int size) {
        byte[] body = new byte[size];
        Arrays.fill(body, (byte) '.');
        byte[] send = FrameEncoder.encode(
                new Frame(Command.SEND, Headers.of("destination", destination), body), StompVersion.V1_2);
        Outbox framed = new Outbox();
        framed.frame(Opcode.TEXT, send);
        frame = framed.toByteArray();
        int payloadAt = frame.length - send.length;
        // behind the body stands the NUL
        stampAt = frame.length - 1 - size;
        for (int i = 0; i < key.length; i++) {
            key[i] = frame[payloadAt - MASK_BYTES + (stampAt - payloadAt + i) % MASK_BYTES];
        }
    }

    void put(long nanos, Outbox out) {
        int at = out.put(frame) + stampAt;
        byte[] bytes = out.array();
        Stamp.write(nanos, bytes, at);
        for (int i = 0; i < key.length; i++) {
            bytes[at + i] ^= key[i];
        }
    }
}
