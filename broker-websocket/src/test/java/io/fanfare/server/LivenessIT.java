package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.HeartBeat;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that say nothing by themselves, as a page in the background, and answer a Ping, as its browser. */
class LivenessIT {

    private static final Duration INTERVAL = Duration.ofMillis(200);

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

    @Test
    @DisplayName("case 68: a page that sends no heart-beats any more stays as long as its browser answers Pings")
    void aSleepingPageStays() {
        RawWebSocket client = SERVER.webSocket()
                .sends("CONNECT\naccept-version:1.2\nhost:a\nheart-beat:200,200\n\n^@")
                .gotStart("CONNECTED\n");
        for (int i = 0; i < 20; i++) {
            answersAPing(client);
        }
        client.sends("BEGIN\ntransaction:a\nreceipt:r\n\n^@");
        WsFrame frame = client.frame();
        while (!frame.text().startsWith("RECEIPT")) {
            frame = client.frame();
        }
        isGivenUp(client);
    }

    @Test
    @DisplayName("case 67: a client without heart-beats that has gone without a word is given up")
    void whoHasNoHeartBeatsIsAskedToo() {
        RawWebSocket client = SERVER.connectedWebSocket();
        for (int i = 0; i < 10; i++) {
            answersAPing(client);
        }
        isGivenUp(client);
    }

    @Test
    void plainStompHasNoSuchQuestion() {
        SERVER.connectedTcp().silentFor(INTERVAL.multipliedBy(10));
    }
}
