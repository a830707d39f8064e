package io.fanfare.server;

import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.Transcript;
import io.fanfare.testing.WsFrame;
import java.io.UncheckedIOException;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * WebSocket frames by chance, mostly lawful, over real sockets: whatever Tyrus and we make of them, none is a failure of
 * ours (the server would have logged it), and others are served.
 */
class RandomFramesIT {

    private static final int CONNECTIONS = 1500;
    private static final int[] OPCODES = {0, 0, 0, 0, 1, 1, 1, 2, 2, 8, 9, 9, 10, 3, 11, 15};
    private static final String[] PIECES = {
        "CONNECT\naccept-version:1.2\nhost:h\n\n^@",
        "SEND\ndestination:/topic/a\n",
        "\n",
        "hi^@",
        "é€😀",
        "SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@",
        "^@",
        "DISCONNECT\nreceipt:r\n\n^@",
        "receipt:r\n"
    };

    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    @Test
    @DisplayName("case 21, advisory 54: frames by chance break nothing")
    void framesByChanceBreakNothing() {
        long seed = System.nanoTime();
        System.out.println("random frames: seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < CONNECTIONS; i++) {
            try (RawTcp tcp = RawTcp.connect(SERVER.running().webSocketPort())) {
                RawWebSocket client = RawWebSocket.open(tcp);
                for (int frames = 1 + random.nextInt(12); frames > 0; frames--) {
                    client.sends(frame(random));
                }
                if (random.nextBoolean()) {
                    tcp.reset();
                }
            } catch (UncheckedIOException e) {
                // the server has had enough of it
            }
        }
        SERVER.connectedWebSocket();
    }

    private static WsFrame frame(Random random) {
        byte[] payload = Transcript.bytes(PIECES[random.nextInt(PIECES.length)]);
        if (random.nextInt(10) == 0) {
            payload = new byte[random.nextInt(300)];
            random.nextBytes(payload);
        }
        WsFrame frame = WsFrame.of(OPCODES[random.nextInt(OPCODES.length)], payload);
        boolean notLast = random.nextInt(3) == 0 && frame.opcode() < WsFrame.CLOSE;
        WsFrame part = notLast || random.nextInt(30) == 0 ? frame.notLast() : frame;
        return random.nextInt(60) == 0 ? part.reserved(1 + random.nextInt(7)) : part;
    }
}
