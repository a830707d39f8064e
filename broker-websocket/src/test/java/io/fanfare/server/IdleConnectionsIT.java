package io.fanfare.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.HeapMeter;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.WsFrame;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How much heap a WebSocket connection takes that does nothing, which most do most of the time. */
class IdleConnectionsIT {

    private static final int COUNT = 500;

    /** The 6.8 KB that a connection took when this was written, the test's end included, and a third of the broker's part. */
    private static final int MOST_BYTES = 8_700;

    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    private static RawWebSocket subscriber(String destination) {
        RawTcp tcp = SERVER.kept(RawTcp.connectUnbuffered(SERVER.running().webSocketPort()));
        return RawWebSocket.open(tcp)
                .connects()
                .sends("SUBSCRIBE\nid:0\nreceipt:r\ndestination:" + destination + "\n\n^@")
                .got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    /** Bytes of heap for each of many subscribers with a topic of their own, behind what they do. */
    private static long heapOfEach(Consumer<RawWebSocket> whatTheyDo) {
        whatTheyDo.accept(subscriber("/topic/first"));
        long before = HeapMeter.usedBytes();
        for (int i = 0; i < COUNT; i++) {
            whatTheyDo.accept(subscriber("/topic/own" + i));
        }
        return (HeapMeter.usedBytes() - before) / COUNT;
    }

    @Test
    void aSubscriberTakesAFewKilobytes() {
        assertThat(heapOfEach(idle -> {})).isLessThan(MOST_BYTES);
    }

    @Test
    void pingsAndPongsLeaveNothingBehind() {
        WsFrame ping = WsFrame.of(WsFrame.PING, "anybody there".getBytes(UTF_8));
        WsFrame pong = WsFrame.of(WsFrame.PONG, "always".getBytes(UTF_8));

        assertThat(heapOfEach(idle -> idle.sends(pong, ping).gotPong("anybody there")))
                .isLessThan(MOST_BYTES);
    }
}
