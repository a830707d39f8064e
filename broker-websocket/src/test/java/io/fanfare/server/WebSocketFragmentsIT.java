package io.fanfare.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.WsFrame;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Large messages in small fragments, as Autobahn's cases 9.3 and 9.4 send them. */
class WebSocketFragmentsIT {

    private static final int MAX_FRAME = 4 << 20;

    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    private static byte[] inFragments(int opcode, byte[] message, int fragmentBytes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(message.length * 5 / 4);
        for (int from = 0; from < message.length; from += fragmentBytes) {
            int to = Math.min(from + fragmentBytes, message.length);
            WsFrame fragment =
                    WsFrame.of(from == 0 ? opcode : WsFrame.CONTINUATION, Arrays.copyOfRange(message, from, to));
            all.writeBytes((to == message.length ? fragment : fragment.notLast()).bytes());
        }
        return all.toByteArray();
    }

    /** A SEND of exactly so many bytes, whose characters of two, three and four bytes are cut anywhere. */
    private static byte[] send(String header, int bytes) {
        byte[] head = ("SEND\ndestination:/topic/a\n" + header + "\n\n").getBytes(UTF_8);
        byte[] frame = new byte[bytes];
        System.arraycopy(head, 0, frame, 0, head.length);
        Arrays.fill(frame, head.length, bytes - 1, (byte) 'x');
        byte[] characters = "\u00e9\u20ac\ud83d\ude00".getBytes(UTF_8);
        for (int at = head.length; at + characters.length < bytes; at += 61) {
            System.arraycopy(characters, 0, frame, at, characters.length);
        }
        return frame;
    }

    @ParameterizedTest(name = "opcode {0} in fragments of {1} B")
    @CsvSource({
        "1, 64",
        "1, 256",
        "1, 1024",
        "1, 4096",
        "1, 16384",
        "1, 65536",
        "2, 64",
        "2, 256",
        "2, 1024",
        "2, 4096",
        "2, 16384",
        "2, 65536"
    })
    @DisplayName("a frame of max_frame_bytes, 4 MiB, comes in fragments of any size from 64 B on")
    void theLargestFrameMayComeInSmallFragments(int opcode, int fragmentBytes) {
        RawWebSocket client = SERVER.connectedWebSocket();
        client.tcp().sends(inFragments(opcode, send("receipt:r", MAX_FRAME), fragmentBytes));

        client.gotStart("RECEIPT\nreceipt-id:r\n");
    }

    @ParameterizedTest(name = "opcode {0}")
    @ValueSource(ints = {WsFrame.TEXT, WsFrame.BINARY})
    void everyByteOfTheFragmentsArrivesOnce(int opcode) {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        RawWebSocket client = SERVER.connectedWebSocket()
                .sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:s\n\n^@")
                .got("RECEIPT\nreceipt-id:s\n\n^@");
        for (int i = 0; i < 5; i++) {
            byte[] frame = send("a:b", 100_000 + random.nextInt(100_000));
            client.tcp().sends(inFragments(opcode, frame, 64 + random.nextInt(1000)));

            byte[] message = client.frame().payload();
            String text = new String(frame, UTF_8);
            String body = text.substring(text.indexOf("\n\n"));
            assertThat(new String(message, UTF_8)).startsWith("MESSAGE\n").endsWith(body);
        }
    }
}
