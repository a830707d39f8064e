package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.Framing;
import io.fanfare.loop.TurnBuffer;
import io.fanfare.testing.Transcript;
import io.fanfare.testing.Wire;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What leaves a loop at the end of a turn: few writes, and the right bytes in them. */
class TurnTest extends BrokerTest {

    private static String send(String destination, String body) {
        return "SEND\ndestination:" + destination + "\n\n" + body + "^@";
    }

    private List<Client> subscribers(int count, String frames) {
        List<Client> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            var each = connectTo(otherLoop);
            each.sends(frames);
            each.takeAll();
            each.connection().writes().clear();
            all.add(each);
        }
        return all;
    }

    @Test
    void aTurnIsOneWriteForEachConnectionItTouched() {
        var all = subscribers(20, "SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        var alice = connect();
        for (int i = 0; i < 50; i++) {
            alice.feeds(send("/topic/a", "message " + i));
        }
        settle();
        for (Client each : all) {
            assertThat(each.connection().writes()).as("writes to %s", each).hasSize(1);
            assertThat(each.takeAll()).hasSize(50);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Framing.class,
            names = {"EVENTS", "EMBEDDED"},
            mode = EnumSource.Mode.EXCLUDE)
    @DisplayName("a line feed follows each frame over TCP, and no frame over WebSocket, in the same write")
    void aLineFeedFollowsEachFrameOverTcp(Framing framing) {
        var bob = connect("1.2", framing, otherLoop);
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        bob.connection().writes().clear();
        String large = "x".repeat(TurnBuffer.SLAB_BYTES);
        connect().feeds(send("/topic/a", "one") + send("/topic/a", "two") + send("/topic/a", large));
        settle();
        assertThat(bob.takeBodies()).containsExactly("one", "two", large);
        assertThat(bob.connection().writes()).hasSizeLessThanOrEqualTo(2);
        String bytes = new String(bob.connection().taken(), ISO_8859_1);
        assertThat(bytes.split("\0\n", -1)).hasSize(framing == Framing.TCP ? 5 : 1);
        assertThat(bytes).endsWith(framing == Framing.TCP ? "\0\n" : "\0");
    }

    @Test
    void aConnectionThatIsNotTouchedIsNotWrittenTo() {
        var all = subscribers(3, "SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        connect().sends(send("/topic/b", "hi"));
        assertThat(all).allMatch(each -> each.connection().writes().isEmpty());
    }

    @Test
    void framesOfManyKindsLeaveInOneWrite() {
        var bob = subscribers(
                        1,
                        "SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@SUBSCRIBE\nid:1\ndestination:/topic/b\n\n^@"
                                + "SUBSCRIBE\nid:2\nack:client\ndestination:/queue/a\n\n^@")
                .get(0);
        bob.feeds("BEGIN\ntransaction:t\nreceipt:r\n\n^@" + send("/topic/a", "1") + send("/topic/b", "2")
                + send("/queue/a", "3") + send("/topic/a", "4") + "ABORT\ntransaction:t\nreceipt:s\n\n^@");
        settle();
        assertThat(bob.connection().writes()).hasSize(1);
        bob.got("RECEIPT\nreceipt-id:r\n\n^@", "RECEIPT\nreceipt-id:s\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("1", "2", "3", "4");
    }

    @Test
    void manyReceiptsOfOneReadLeaveInOneWrite() {
        var alice = connect();
        alice.connection().writes().clear();
        alice.sends("SEND\ndestination:/topic/a\nreceipt:r\n\nhi^@".repeat(500));
        assertThat(alice.connection().writes()).hasSize(1);
        assertThat(alice.takeAll()).hasSize(500);
    }

    @Test
    @DisplayName("all who speak alike get the same octets, those who do not get their own")
    void allWhoSpeakAlikeGetTheSameOctets() {
        var all = subscribers(5, "SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        var other =
                subscribers(1, "SUBSCRIBE\nid:1\ndestination:/topic/a\n\n^@").get(0);
        int before = all.get(0).connection().taken().length;
        connect().sends(send("/topic/a", "hi") + send("/topic/a", "ho"));
        byte[] first = all.get(0).connection().taken();
        byte[] fresh = java.util.Arrays.copyOfRange(first, before, first.length);
        for (Client each : all) {
            byte[] taken = each.connection().taken();
            assertThat(java.util.Arrays.copyOfRange(taken, taken.length - fresh.length, taken.length))
                    .isEqualTo(fresh);
        }
        assertThat(other.takeAll())
                .hasSize(2)
                .allMatch(each -> each.header("subscription").equals("1"));
    }

    @Test
    void aLongTurnFlushesOnTheWay() {
        var bob = subscribers(1, "SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@").get(0);
        var carol =
                subscribers(1, "SUBSCRIBE\nid:0\ndestination:/topic/b\n\n^@").get(0);
        var alice = connect();
        List<Integer> writesSeen = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            alice.feeds(send("/topic/a", "x".repeat(100_000)));
            alice.feeds(send("/topic/b", "y"));
        }
        otherLoop.execute(() -> writesSeen.add(bob.connection().writes().size()));
        settle();
        assertThat(writesSeen.get(0)).as("writes before the turn's end").isGreaterThanOrEqualTo(1);
        assertThat(bob.takeAll()).hasSize(30).allMatch(each -> each.body().length == 100_000);
        assertThat(carol.takeAll()).hasSize(30);
    }

    @Test
    void messagesLargerThanTheBufferArriveAmongSmallOnes() {
        var all = subscribers(3, "SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        all.get(1).connection().room(100_000);
        var alice = connect();
        int[] sizes = {10, 300_000, 20, 262_144, 262_143, 261_900, 600_000, 600_000, 30};
        for (int size : sizes) {
            alice.feeds(send("/topic/a", "x".repeat(size)));
        }
        settle();
        all.get(1).reads();
        for (Client each : all) {
            assertThat(each.takeAll().stream().mapToInt(message -> message.body().length))
                    .as("sizes %s got", each)
                    .containsExactly(
                            sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5], sizes[6], sizes[7], sizes[8]);
        }
    }

    @Test
    @DisplayName("items 19, 21: text unless the body is not UTF-8 or the client sent binary")
    void textUnlessTheBodyIsNot() {
        var text = connect("1.2", Framing.WEBSOCKET_TEXT, loop);
        var binary = connect("1.2", Framing.WEBSOCKET_BINARY, loop);
        for (Client each : List.of(text, binary)) {
            each.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        }
        text.sends(send("/topic/a", "é€😀"));
        byte[] frame = Transcript.bytes(send("/topic/a", "??"));
        frame[frame.length - 3] = (byte) 0xc3;
        text.sends(frame);
        assertThat(Wire.messages(text.connection().taken(), Framing.WEBSOCKET_TEXT).stream()
                        .map(Wire.WebSocketMessage::text))
                .containsExactly(true, true, false);
        assertThat(Wire.messages(binary.connection().taken(), Framing.WEBSOCKET_BINARY).stream()
                        .map(Wire.WebSocketMessage::text))
                .containsExactly(false, false, false);
        assertThat(text.takeAll()).hasSize(2);
        assertThat(binary.takeAll()).hasSize(2);
    }
}
