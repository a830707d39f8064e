package io.fanfare.admin.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.fanfare.admin.ApiServer;
import io.fanfare.frame.Headers;
import io.fanfare.testing.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The module for pages in Chromium, as the admin listener serves it. */
@Timeout(600)
class LiveModuleIT {

    @RegisterExtension
    static final Browser BROWSER = new Browser();

    private ApiServer server;
    private Page page;

    @BeforeEach
    void open() {
        server = new ApiServer();
        page = BROWSER.newPage();
        page.navigate("http://127.0.0.1:" + server.port() + "/");
    }

    @AfterEach
    void close() {
        assertThat(BROWSER.problems()).isEmpty();
        page.close();
        server.close();
    }

    private void publish(int price) {
        byte[] body = ("{\"price\":" + price + "}").getBytes(UTF_8);
        server.broker().publish("/topic/prices", Headers.of("symbol", "ACME"), body);
    }

    private void awaitPrice(int price) {
        Await.until(
                "price " + price,
                () -> Boolean.TRUE.equals(page.evaluate("price => prices.state.get('ACME')?.price === price", price)));
    }

    @Test
    void aPageFollowsATopicAcrossAReconnect() {
        page.evaluate("""
                async uri => {
                  const { Client } = await import('/console/vendor/stompjs/index.js');
                  const { live } = await import('/console/clients/live.js');
                  window.states = 0;
                  window.client = new Client({ brokerURL: uri, reconnectDelay: 20 });
                  window.prices = live(client, '/topic/prices', { key: 'symbol', onState: () => states++ });
                  client.activate();
                }""", server.webSocketUri().toString());
        Await.until("the first state", () -> page.evaluate("states").equals(1));
        publish(1);
        awaitPrice(1);
        page.evaluate("client.forceDisconnect()");
        Await.until(
                "the state after the reconnect", () -> page.evaluate("states").equals(2));
        publish(2);
        awaitPrice(2);
    }
}
