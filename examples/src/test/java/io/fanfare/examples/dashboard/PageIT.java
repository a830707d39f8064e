package io.fanfare.examples.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.fanfare.client.StompClient;
import io.fanfare.examples.web.PageServer;
import io.fanfare.frame.Headers;
import io.fanfare.server.FanfareServer;
import io.fanfare.testing.FreePorts;
import io.fanfare.testing.browser.Browser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Shows messages on the page that the test sends. */
@Timeout(600)
class PageIT {

    private static final long NOON = 1_763_722_800_000L;

    @RegisterExtension
    static final Browser BROWSER = new Browser();

    private FanfareServer server;
    private PageServer pages;
    private Page page;

    @BeforeEach
    void open() {
        server = FanfareServer.builder().port(FreePorts.next()).tcpPort(-1).start();
        pages = Pages.of(server.webSocketUri());
        page = BROWSER.newPage();
        page.navigate(pages.uri().toString());
        assertThat(state()).hasAttribute("data-value", "connected");
    }

    @AfterEach
    void close() {
        pages.close();
        server.close();
    }

    @Test
    void numbersAreShownWithTheirUnits() {
        publish("cpu", cpu(NOON, 12.5));
        publish(
                "memory",
                "{'time':" + NOON + ",'total':8589934592,'used':1610612736,'cached':1048576,"
                        + "'swapTotal':2147483648,'swapUsed':0}");
        publish(
                "network",
                "{'time':" + NOON + ",'interfaces':["
                        + "{'name':'lo','receivedPerSecond':10,'sentPerSecond':10},"
                        + "{'name':'eth0','receivedPerSecond':1500000,'sentPerSecond':999}]}");

        assertThat(page.locator("#cpu-now")).hasText("13 %");
        assertThat(page.locator("#cpu-note")).hasText("load 0.50  0.25  0.10");
        assertThat(page.locator("#cores-now")).hasText("25 %");
        assertThat(page.locator("[data-series='cores.core 1']")).hasText("1.5 %");
        assertThat(page.locator("#memory-now")).hasText("1.5 GiB");
        assertThat(page.locator("#memory-note")).hasText("of 8.0 GiB");
        assertThat(page.locator("[data-series='memory.swap used']")).hasText("0 B");
        assertThat(page.locator("[data-series='network.eth0 received']")).hasText("1.5 MB/s");
        assertThat(page.locator("[data-series='network.eth0 sent']")).hasText("999 B/s");
        assertThat(page.locator("[data-series='network.lo']")).hasText("10 B/s");
        assertThat(page.locator("#count")).hasText("3");
        assertThat(BROWSER.problems()).isEmpty();
    }

    @Test
    void textInMessagesStaysText() {
        publish(
                "processes",
                "{'time':" + NOON + ",'count':1,'busiest':["
                        + "{'pid':7,'name':'<img src=x onerror=alert(1)>','cpu':50,'memory':1048576}]}");
        Locator row = page.locator("#processes tr");
        assertThat(row.locator("th")).hasText("<img src=x onerror=alert(1)>");
        assertThat(page.locator("#processes img")).hasCount(0);
        assertThat(row.locator("td").nth(1)).hasText("1.0 MiB");
        assertThat(row.locator("td").nth(2)).hasText("50 %");
        assertThat(page.locator("#host")).hasText("<b>box</b> · Linux · 2 cores");
        assertThat(BROWSER.problems()).isEmpty();
    }

    @Test
    void aListThatShrinksLeavesNoRowsBehind() {
        String process = "{'pid':%d,'name':'p','cpu':1,'memory':0}";
        publish(
                "processes",
                "{'time':1,'count':2,'busiest':[" + process.formatted(1) + "," + process.formatted(2) + "]}");
        assertThat(page.locator("#processes tr")).hasCount(2);
        publish("processes", "{'time':2,'count':1,'busiest':[" + process.formatted(2) + "]}");
        assertThat(page.locator("#processes tr")).hasCount(1);
    }

    @Test
    void linesCanBeHidden() {
        publish("cpu", cpu(NOON, 40));
        Locator user = page.locator("#cpu-legend button").nth(1);
        assertThat(user).hasAttribute("aria-pressed", "true");
        user.click();
        assertThat(user).hasAttribute("aria-pressed", "false");
        publish("cpu", cpu(NOON + 1000, 41));
        assertThat(page.locator("#cpu-now")).hasText("41 %");
        assertThat(user).hasAttribute("aria-pressed", "false");
    }

    @Test
    void thePageShowsTheCodeThatItRuns() {
        assertThat(page.locator("#code")).containsText("live(connection.client, topic");
    }

    @Test
    void thePageComesBackWhenTheBrokerDoes() {
        int port = server.webSocketPort();
        server.close();
        assertThat(state()).hasAttribute("data-value", "reconnecting");

        server = FanfareServer.builder().port(port).tcpPort(-1).start();
        assertThat(state()).hasAttribute("data-value", "connected");
        publish("cpu", cpu(NOON, 77));
        assertThat(page.locator("#cpu-now")).hasText("77 %");
    }

    @Test
    void aPhoneNeedsNoScrollingSideways() {
        publish("cpu", cpu(NOON, 40));
        assertThat(page.locator("#cpu canvas")).isVisible();
        page.setViewportSize(390, 800);
        Browser.needsNoScrollingSideways(page);
    }

    @Test
    void theDarkSchemeIsDrawnWithoutAReload() {
        publish("cpu", cpu(NOON, 40));
        assertThat(page.locator("#cpu canvas")).isVisible();
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        assertThat(page.locator("body")).hasCSS("background-color", "rgb(13, 17, 23)");
        assertThat(page.locator("#cpu canvas")).hasCount(1);
        assertThat(page.locator("[data-series='cpu.total']")).hasText("40 %");
        assertThat(BROWSER.problems()).isEmpty();
    }

    private Locator state() {
        return page.locator("#state");
    }

    /** Sends JSON as the publisher does; the test writes it with single quotes. */
    private void publish(String topic, String json) {
        try (StompClient client = StompClient.connect(server.webSocketUri())) {
            Headers headers = Headers.of("content-type", "application/json");
            client.send("/topic/host." + topic, headers, json.replace('\'', '"').getBytes(UTF_8))
                    .join();
        }
    }

    private static String cpu(long time, double total) {
        return "{'time':" + time + ",'total':" + total
                + ",'user':8,'system':4,'waiting':0.5,'cores':[25,1.5],'load':[0.5,0.25,0.1]}";
    }
}
