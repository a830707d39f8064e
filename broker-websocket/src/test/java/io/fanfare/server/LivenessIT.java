package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.HeartBeat;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.WsFrame;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that say nothing by themselves, as a page in the background, and answer a Ping, as its browser. */
class LivenessIT {

    /** Clients are asked after it, and given up after twice as long and a second. */
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    @RegisterExtension
    static final TestServer SERVER = new TestServer(options -> options.broker(BrokerOptions.builder()
            .heartBeat(h -> h.heartBeat(new HeartBeat(INTERVAL, INTERVAL)).pingInterval(INTERVAL))
            .build()));

    /** Reads until there is a Ping, and answers it. */
    private static void answersAPing(RawWebSocket client) {
        WsFrame frame = client.frame();
        while (frame.opcode() != WsFrame.PING) {
            assertThat(frame.text()).as("a heart-beat").isEqualTo("\n");
            frame = client.frame();
        }
        client.sends(WsFrame.of(WsFrame.PONG, frame.payload()));
    }

    private static void isGivenUp(RawWebSocket client) {
        WsFrame frame = client.frame();
        while (frame.opcode() == WsFrame.PING || frame.text().equals("\n")) {
            frame = client.frame();
        }
        assertThat(frame.text()).startsWith("ERROR\nmessage:heart-beats missed\n");
        client.gotClose(4408);
    }

    /** All of them wait for the same time. */
    @Test
    @DisplayName("cases 67, 68: who answers Pings stays, with heart-beats promised or without; who stops is given up")
    void whoAnswersPingsStays() {
        RawTcp plain = SERVER.connectedTcp();
        List<RawWebSocket> asked = List.of(
                SERVER.connectedWebSocket(),
                SERVER.webSocket()
                        .sends("CONNECT\naccept-version:1.2\nhost:a\nheart-beat:2000,2000\n\n^@")
                        .gotStart("CONNECTED\n"));
        for (int i = 0; i < 3; i++) {
            asked.forEach(LivenessIT::answersAPing);
        }
        asked.forEach(LivenessIT::isServed);
        asked.forEach(LivenessIT::isGivenUp);
        // plain STOMP has no such question, and a client of it that has promised nothing may be silent
        plain.silentFor(Duration.ofMillis(1));
    }

    private static void isServed(RawWebSocket client) {
        client.sends("BEGIN\ntransaction:a\nreceipt:r\n\n^@");
        WsFrame frame = client.frame();
        while (!frame.text().startsWith("RECEIPT")) {
            frame = client.frame();
        }
    }
}
