package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.Transcript;
import io.fanfare.testing.WsFrame;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Floods of what costs the sender next to nothing. While each goes on, others are served as ever. */
class FloodIT {

    private static final int TEN_MEGABYTES = 10 << 20;

    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    /** Sends as much as the broker takes, and meanwhile others talk. */
    private static void floods(RawTcp attacker, byte[] bytes, int times) {
        RawWebSocket subscriber = SERVER.connectedWebSocket()
                .sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:s\n\n^@")
                .got("RECEIPT\nreceipt-id:s\n\n^@");
        RawTcp publisher = SERVER.connectedTcp();
        Thread flood = new Thread(() -> {
            try {
                for (int i = 0; i < times; i++) {
                    attacker.sends(bytes);
                }
            } catch (UncheckedIOException e) {
                // the broker has had enough
            }
        });
        flood.start();
        for (int i = 0; i < 200; i++) {
            publisher.sends("SEND\ndestination:/topic/a\n\n" + i + "^@");
            assertThat(subscriber.frame().text()).startsWith("MESSAGE\n").endsWith("\n\n" + i + "^@");
        }
        attacker.socket();
        try {
            flood.join(Await.DEADLINE.toMillis());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(flood.isAlive()).as("still sending").isFalse();
    }

    private static byte[] repeat(WsFrame frame, int times) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] one = frame.bytes();
        for (int i = 0; i < times; i++) {
            out.writeBytes(one);
        }
        return out.toByteArray();
    }

    /** Skips what comes before the ERROR, and counts it. */
    private static int framesBeforeTheEnd(RawWebSocket attacker, Consumer<WsFrame> check) {
        int count = 0;
        WsFrame frame = attacker.frame();
        while (frame.opcode() != WsFrame.TEXT) {
            check.accept(frame);
            count++;
            frame = attacker.frame();
        }
        assertThat(frame.text()).startsWith("ERROR\nmessage:rate limit\n").contains("(max_control_rate)");
        attacker.gotClose(4429);
        return count;
    }

    @Test
    @DisplayName("case 22: a flood of pings gets some thousand pongs, then 4429")
    void pings() {
        RawWebSocket attacker = SERVER.connectedWebSocket();
        floods(attacker.tcp(), repeat(WsFrame.of(WsFrame.PING, new byte[1]), 1_000), 200);

        int pongs =
                framesBeforeTheEnd(attacker, frame -> assertThat(frame.opcode()).isEqualTo(WsFrame.PONG));
        assertThat(pongs).isLessThan(5_000);
    }

    @Test
    void pongsThatNobodyAskedFor() {
        RawWebSocket attacker = SERVER.connectedWebSocket();
        floods(attacker.tcp(), repeat(WsFrame.of(WsFrame.PONG, new byte[0]), 1_000), 200);

        framesBeforeTheEnd(attacker, frame -> {});
    }

    @Test
    void emptyMessages() {
        RawWebSocket attacker = SERVER.connectedWebSocket();
        floods(attacker.tcp(), repeat(WsFrame.of(WsFrame.BINARY, new byte[0]), 1_000), 200);

        framesBeforeTheEnd(attacker, frame -> {});
    }

    @Test
    @DisplayName("case 18: a flood of messages in fragments of a byte")
    void fragmentsOfAByte() {
        RawWebSocket attacker = SERVER.connectedWebSocket();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(WsFrame.text("\n").notLast().bytes());
        message.writeBytes(
                repeat(WsFrame.of(WsFrame.CONTINUATION, new byte[] {'\n'}).notLast(), 998));
        message.writeBytes(WsFrame.of(WsFrame.CONTINUATION, new byte[] {'\n'}).bytes());
        floods(attacker.tcp(), message.toByteArray(), 100);

        framesBeforeTheEnd(attacker, frame -> {});
    }

    @Test
    @DisplayName("item 128, case 42: ten megabytes of heart-beats over TCP")
    void heartBeatsOverTcp() {
        RawTcp attacker = SERVER.connectedTcp();
        byte[] feeds = new byte[64 << 10];
        Arrays.fill(feeds, (byte) '\n');
        floods(attacker, feeds, TEN_MEGABYTES / feeds.length);

        assertThat(attacker.frame()).startsWith("ERROR\nmessage:rate limit\n").contains("(max_control_rate)");
    }

    @Test
    @DisplayName("case 42: ten megabytes of heart-beats over WebSocket, a message each")
    void heartBeatsOverWebSocket() {
        RawWebSocket attacker = SERVER.connectedWebSocket();
        floods(attacker.tcp(), repeat(WsFrame.text("\n"), 1_000), TEN_MEGABYTES / 7_000);

        framesBeforeTheEnd(attacker, frame -> {});
    }

    @Test
    void pingsBehindAGoodbyeAreNotAnswered() {
        RawWebSocket attacker = SERVER.connectedWebSocket();
        attacker.sends("DISCONNECT\n\n^@").gotClose(1000);
        floods(attacker.tcp(), repeat(WsFrame.of(WsFrame.PING, new byte[1]), 1_000), 20);

        attacker.sends(WsFrame.close(1000));
        attacker.tcp().ended();
    }

    @Test
    @DisplayName("item 128: a storm of SUBSCRIBE and UNSUBSCRIBE")
    void subscriptions() {
        RawTcp attacker = SERVER.connectedTcp();
        byte[] pair =
                Transcript.bytes("SUBSCRIBE\nid:0\ndestination:/topic/a.*\n\n^@UNSUBSCRIBE\nid:0\n\n^@".repeat(100));
        RawWebSocket other = SERVER.connectedWebSocket();
        floods(attacker, pair, 50);

        other.sends("BEGIN\ntransaction:a\nreceipt:r\n\n^@").got("RECEIPT\nreceipt-id:r\n\n^@");
    }
}
