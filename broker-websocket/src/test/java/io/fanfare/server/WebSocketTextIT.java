package io.fanfare.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.Transcript;
import io.fanfare.testing.WsFrame;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text messages are UTF-8, both ways; binary ones carry the rest. */
class WebSocketTextIT {

    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    private static final byte[] LATIN_1 = {'c', 'a', 'f', (byte) 0xE9};

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"ff", "c0af", "e08080", "eda080", "edbfbf", "f4908080", "80", "f0908041", "c3", "e282"})
    @DisplayName("item 18, case 19: malformed UTF-8 in a text message: 1007")
    void malformedTextIsRefused(String hex) {
        byte[] body = java.util.HexFormat.of().parseHex(hex);

        SERVER.connectedWebSocket()
                .sends(WsFrame.of(WsFrame.TEXT, send(body)))
                .gotError("malformed UTF-8")
                .gotClose(1007);
    }

    @Test
    @DisplayName("item 18, case 19: a character that the message's end cuts: 1007")
    void cutCharacterAtTheEndIsRefused() {
        SERVER.connectedWebSocket()
                .sends(WsFrame.of(WsFrame.TEXT, new byte[] {'\n', (byte) 0xE2, (byte) 0x82}))
                .gotError("malformed UTF-8")
                .gotClose(1007);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"ff", "c0af", "eda080", "e28241"})
    @DisplayName("item 18, case 19: malformed UTF-8 in fragments: 1007")
    void malformedFragmentsAreRefused(String hex) {
        byte[] bytes = java.util.HexFormat.of().parseHex(hex);

        SERVER.connectedWebSocket()
                .sends(WsFrame.text("SEND\ndestination:/topic/a\n\n").notLast())
                .sends(WsFrame.of(WsFrame.CONTINUATION, bytes).notLast())
                .gotClose(1007);
    }

    @Test
    @DisplayName("item 18, case 19: a character that begins in one fragment and never ends: 1007")
    void characterCutByTheLastFragmentIsRefused() {
        SERVER.connectedWebSocket()
                .sends(WsFrame.text("\n").notLast())
                .sends(WsFrame.of(WsFrame.CONTINUATION, new byte[] {'\n', (byte) 0xE2, (byte) 0x82}))
                .gotClose(1007);
    }

    @Test
    @DisplayName("item 18: a character cut between fragments is a character")
    void characterMayBeCutBetweenFragments() {
        byte[] bytes = Transcript.bytes("SEND\ndestination:/topic/a\n\n€^@");
        int middle = bytes.length - 3;
        RawWebSocket client = subscriber()
                .sends(WsFrame.of(WsFrame.TEXT, Arrays.copyOf(bytes, middle)).notLast());
        client.sends(WsFrame.of(WsFrame.CONTINUATION, Arrays.copyOfRange(bytes, middle, bytes.length)));

        assertThat(client.frame().text()).endsWith("\n\n€^@");
    }

    @Test
    @DisplayName("item 18: characters cut between reads of one frame are characters")
    void charactersMayBeCutBetweenReads() {
        byte[] frame = WsFrame.text("SEND\ndestination:/topic/a\n\né€😀^@").bytes();
        RawWebSocket client = subscriber();
        for (byte b : frame) {
            client.tcp().sends(new byte[] {b});
        }

        assertThat(client.frame().text()).endsWith("\n\né€😀^@");
    }

    @Test
    @DisplayName("items 19, 21: a body that is not UTF-8 goes out as a binary message, others as text")
    void bodiesThatAreNoTextGoOutAsBinary() {
        RawWebSocket subscriber = subscriber();
        SERVER.connectedWebSocket().sends(WsFrame.of(WsFrame.BINARY, send(LATIN_1)));
        WsFrame binary = subscriber.frame();

        assertThat(binary.opcode()).isEqualTo(WsFrame.BINARY);
        assertThat(Arrays.copyOfRange(binary.payload(), binary.payload().length - 5, binary.payload().length))
                .isEqualTo(new byte[] {'c', 'a', 'f', (byte) 0xE9, 0});

        SERVER.connectedWebSocket().sends(WsFrame.of(WsFrame.BINARY, send("café".getBytes(UTF_8))));
        WsFrame text = subscriber.frame();

        assertThat(text.opcode()).isEqualTo(WsFrame.TEXT);
        assertThat(text.text()).endsWith("\n\ncafé^@");
    }

    @Test
    @DisplayName("item 21: application/octet-stream that happens to be UTF-8 goes out as text")
    void contentTypeDoesNotDecide() {
        RawWebSocket subscriber = subscriber();
        SERVER.connectedWebSocket().sends("SEND\ndestination:/topic/a\ncontent-type:application/octet-stream\n\nhi^@");

        assertThat(subscriber.frame().opcode()).isEqualTo(WsFrame.TEXT);
    }

    @Test
    @DisplayName("items 20, 21: a client that speaks binary is answered in binary")
    void binaryClientsAreAnsweredInBinary() {
        RawWebSocket client = SERVER.webSocket();
        for (String[] step : new String[][] {
            {"CONNECT\naccept-version:1.2\nhost:a\n\n^@", "CONNECTED\n"},
            {"SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@", "RECEIPT\n"},
            {"SEND\ndestination:/topic/a\n\nhi^@", "MESSAGE\n"},
            {"NONSENSE\n\n^@", "ERROR\n"}
        }) {
            WsFrame answer = client.sends(WsFrame.binary(step[0])).frame();

            assertThat(answer.opcode()).as("%s", answer).isEqualTo(WsFrame.BINARY);
            assertThat(answer.text()).startsWith(step[1]);
        }
        client.gotClose(1002);
    }

    @Test
    @DisplayName("item 73: a heart-beat is a message of one line feed, and nothing follows a frame's NUL")
    void framesEndWithTheirNul() {
        assertThat(subscriber()
                        .sends("SEND\ndestination:/topic/a\n\nhi^@")
                        .frame()
                        .text())
                .endsWith("hi^@");
    }

    private static RawWebSocket subscriber() {
        return SERVER.connectedWebSocket()
                .sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@")
                .got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    private static byte[] send(byte[] body) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(Transcript.bytes("SEND\ndestination:/topic/a\n\n"));
        frame.writeBytes(body);
        frame.write(0);
        return frame.toByteArray();
    }
}
