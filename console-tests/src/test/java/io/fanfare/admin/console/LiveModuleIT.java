package io.fanfare.admin.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.fanfare.admin.ApiServer;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.Headers;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.Await;
import io.fanfare.testing.browser.Browser;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The module for pages in Chromium, as the admin listener serves it. */
@Timeout(600)
class LiveModuleIT {

    @RegisterExtension
    static final Browser BROWSER = ConsoleBrowser.create();

    private ApiServer server;
    private Page page;

    @BeforeEach
    void open() {
        BrokerOptions options = BrokerOptions.builder()
                .topics(t -> t.rules(List.of(
                        TopicRule.of("/topic/prices").retainByKey("symbol").history(10))))
                .build();
        server = new ApiServer(builder -> builder.broker(options));
        page = BROWSER.newPage();
        page.navigate("http://127.0.0.1:" + server.port() + "/");
        page.evaluate("""
                async uri => {
                  const { Client } = await import('/console/vendor/stompjs/index.js');
                  const { live } = await import('/console/clients/live.js');
                  window.gaps = [];
                  window.follow = () => {
                    const client = new Client({ brokerURL: uri, reconnectDelay: 20 });
                    const follower = { client, states: 0 };
                    follower.prices = live(client, '/topic/prices', {
                      key: 'symbol', onState: () => follower.states++, onGap: ({ reason }) => gaps.push(reason),
                    });
                    client.activate();
                    return follower;
                  };
                  window.gone = follow();
                  window.there = follow();
                }""", server.webSocketUri().toString());
        awaitInPage("gone.states === 1 && there.states === 1");
    }

    @AfterEach
    void close() {
        assertThat(BROWSER.problems()).isEmpty();
        page.close();
        server.close();
    }

    private void awaitInPage(String condition) {
        Await.until(condition, () -> Boolean.TRUE.equals(page.evaluate(condition)));
    }

    private void publish(int messages) {
        for (int i = 0; i < messages; i++) {
            Headers headers = Headers.of("symbol", "S" + i % 4);
            server.broker().publish("/topic/prices", headers, ("{\"price\":" + i + "}").getBytes(UTF_8));
        }
    }

    private void isAwayWhile(int messages) {
        publish(5);
        awaitInPage("gone.prices.state.get('S0')?.price === 4");
        page.evaluate("gone.client.deactivate()");
        publish(messages);
        page.evaluate("gone.client.activate()");
        awaitInPage("gone.states === 2");
        server.broker().publish("/topic/prices", Headers.of("symbol", "end"), "true".getBytes(UTF_8));
        awaitInPage("gone.prices.state.get('end') && there.prices.state.get('end')");
        assertThat(page.evaluate("JSON.stringify([...gone.prices.state].sort())"))
                .isEqualTo(page.evaluate("JSON.stringify([...there.prices.state].sort())"));
    }

    @Test
    void aPageThatWasAwayEndsWithTheStateOfOneThatWasNot() {
        isAwayWhile(7);
        assertThat(page.evaluate("gaps")).isEqualTo(List.of());
    }

    @Test
    void soDoesOneThatWasAwayForTooLongAndItSaysSo() {
        isAwayWhile(17);
        assertThat(page.evaluate("gaps")).isEqualTo(List.of("not-recovered"));
    }
}
