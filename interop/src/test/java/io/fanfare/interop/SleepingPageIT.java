package io.fanfare.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.HeartBeat;
import io.fanfare.server.FanfareServer;
import io.fanfare.server.OriginPolicy;
import io.fanfare.testing.Needs;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A page whose script gets no turn, as in a tab that Chromium has put to sleep. */
class SleepingPageIT {

    private static final Duration INTERVAL = Duration.ofMillis(200);

    @BeforeAll
    static void needChromium() {
        Needs.chromium();
    }

    @Test
    @DisplayName("case 68: Chromium answers Pings for a page that can't send heart-beats, and it stays connected")
    void itsBrowserAnswersForIt() {
        BrokerOptions broker = BrokerOptions.builder()
                .heartBeat(h -> h.heartBeat(new HeartBeat(INTERVAL, INTERVAL)))
                .build();
        try (FanfareServer server = FanfareServer.builder()
                        .port(0)
                        .origins(new OriginPolicy(List.of("*")))
                        .broker(broker)
                        .start();
                Playwright playwright = Chromium.playwright()) {
            Page page = Chromium.launch(playwright).newPage();
            page.evaluate("""
                    uri => new Promise((connected, failed) => {
                      window.received = '';
                      window.socket = new WebSocket(uri, 'v12.stomp');
                      socket.onopen = () => socket.send('CONNECT\\naccept-version:1.2\\nheart-beat:200,0\\n\\n\\0');
                      socket.onmessage = message => { received += message.data; connected(); };
                      socket.onclose = failed;
                    })""", server.webSocketUri().toString());
            // three times as long as a silent client has: an interval twice, and a second
            page.evaluate("() => { const end = Date.now() + 4200; while (Date.now() < end); }");

            assertThat(page.evaluate("() => socket.readyState")).isEqualTo(1);
            assertThat((String) page.evaluate("() => received"))
                    .startsWith("CONNECTED\n")
                    .doesNotContain("ERROR");
        }
    }
}
