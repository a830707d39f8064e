package io.fanfare.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.HeartBeat;
import io.fanfare.security.OriginPolicy;
import io.fanfare.server.FanfareServer;
import io.fanfare.testing.Await;
import io.fanfare.testing.Needs;
import io.fanfare.testing.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A page whose script gets no turn, as in a tab that Chromium has put to sleep. */
class SleepingPageIT {

    /** The page is asked after it and a second, and has as long again to answer, however busy the machine is. */
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    @BeforeAll
    static void needChromium() {
        Needs.chromium();
    }

    @Test
    @DisplayName("case 68: Chromium answers Pings for a page that can't send heart-beats, and it stays connected")
    void itsBrowserAnswersForIt() throws IOException {
        BrokerOptions broker = BrokerOptions.builder()
                .heartBeat(h -> h.heartBeat(new HeartBeat(INTERVAL, INTERVAL)))
                .build();
        try (FanfareServer server = FanfareServer.builder()
                        .port(0)
                        .origins(new OriginPolicy(List.of("*")))
                        .broker(broker)
                        .start();
                Network network = Network.to(server.webSocketPort());
                Playwright playwright = Chromium.playwright()) {
            Page page = Chromium.newPage(playwright);
            page.evaluate("""
                    uri => new Promise((connected, failed) => {
                      window.received = '';
                      window.socket = new WebSocket(uri, 'v12.stomp');
                      socket.onopen = () => socket.send('CONNECT\\naccept-version:1.2\\nheart-beat:5000,0\\n\\n\\0');
                      socket.onmessage = message => { received += message.data; connected(); };
                      socket.onclose = failed;
                    })""", "ws://127.0.0.1:" + network.port() + "/ws");
            int before = network.up().reads();
            try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                putToSleep(page, silent);
                // without the first Pong the page would have been given up before the second Ping
                Await.until("two Pongs", () -> network.up().reads() >= before + 2);
            }

            assertThat(page.evaluate("() => socket.readyState")).isEqualTo(1);
            assertThat((String) page.evaluate("() => received"))
                    .startsWith("CONNECTED\n")
                    .doesNotContain("ERROR");
        }
    }

    /** The page's only thread waits for an answer until the server is closed. */
    private static void putToSleep(Page page, ServerSocket silent) {
        page.evaluate("""
                uri => setTimeout(() => {
                  const request = new XMLHttpRequest();
                  request.open('GET', uri, false);
                  try { request.send(); } catch (closed) { }
                })""", "http://127.0.0.1:" + silent.getLocalPort());
    }
}
