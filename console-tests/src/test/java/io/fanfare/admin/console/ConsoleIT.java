package io.fanfare.admin.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.fanfare.frame.Headers;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each page of the console, in a browser, with a server under load. */
@Timeout(600)
class ConsoleIT extends BusyConsole {

    private static final Pattern POSITIVE = Pattern.compile("[1-9].*|0\\.0*[1-9].*");

    private Locator fact(String name) {
        return page.locator(".facts div")
                .filter(new Locator.FilterOptions().setHasText(name))
                .locator("dd");
    }

    @Test
    void theOverviewHasTheLastHourAndThenNumbersEverySecond() {
        open("overview");
        assertThat(page.locator("canvas")).hasCount(6);
        assertThat(page.locator("#state")).hasText("live");
        Locator delivered = page.locator("[data-chart=delivered_per_second] .now span");
        assertThat(delivered).hasText(POSITIVE);
        assertThat(page.locator("[data-chart=connections] .now span")).hasText(POSITIVE);
        assertThat(page.locator("[data-chart=memory_bytes] .now small")).hasText(Pattern.compile("of .* [MG]iB"));
        for (int i = 0; i < 2; i++) {
            assertThat(delivered).not().hasText(delivered.textContent());
        }
        assertThat(page.locator("table a").first()).hasText("/queue/invoices");
        assertThat(page.locator(".trouble li").first()).isVisible();
    }

    @Test
    void aLineOfAChartCanBeHidden() {
        open("overview");
        Locator line = button("published").first();
        line.click();
        assertThat(line).hasAttribute("aria-pressed", "false");
        page.getByText("5 min", new Page.GetByTextOptions().setExact(true)).click();
        assertThat(page.locator("input[name=window]").first()).isChecked();
    }

    @Test
    void aConnectionIsFoundLookedAtAndClosed() {
        SERVER.api().connect().subscribes("id:0\ndestination:/topic/prices.hooli");
        String id = SERVER.api()
                .get("/connections?transport=tcp&sort=age_ms")
                .json()
                .at("/items/0/id")
                .asText();
        open("connections");
        assertThat(page.locator(".count")).hasText(Pattern.compile("\\d+ connections"));
        page.getByLabel("Filter").fill(id.toUpperCase(Locale.ROOT));
        assertThat(page.locator(".count")).hasText("1 connection");
        link(id).click();
        assertThat(page.locator("h1")).hasText("Connection " + id);
        assertThat(fact("Address")).containsText("127.0.0.1");
        assertThat(fact("Bytes out")).hasText(POSITIVE);
        assertThat(link("/topic/prices.hooli")).isVisible();

        button("Close connection…").click();
        page.getByLabel("Reason").fill("tidied up");
        page.locator("dialog .danger").click();
        assertThat(page.locator("h1")).hasText("Connections");

        link("Disconnects").click();
        page.getByLabel("Filter").fill(id);
        assertThat(page.locator(".count")).hasText("1 event");
        assertThat(page.locator("tbody tr")).containsText("closed-by-operator");
        assertThat(page.locator("tbody tr")).containsText("tidied up");
    }

    @Test
    void whatWasRefusedIsListedWithWhatIsKnownOfIt() {
        open("events");
        assertThat(page.locator(".reasons").nth(1)).containsText("origin");
        page.getByLabel("Filter").fill("EVIL");
        assertThat(page.locator(".count")).hasText("1 event");
        assertThat(page.locator("tbody .badge")).hasText("origin");
        assertThat(page.locator("tbody tr")).containsText("'https://evil.example'");
        page.getByLabel("Filter").fill("nothing like it");
        assertThat(page.getByText("Nothing matches the filter.")).isVisible();
    }

    @Test
    void subscriptionsOfClientsThatAreHereAndAwayAreListed() {
        open("subscriptions");
        assertThat(page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Durable subscriptions")))
                .containsText("till-7");
        assertThat(page.locator(".badge").first()).hasText("away");
        page.getByLabel("Filter").first().fill("/QUEUE/orders");
        assertThat(page.locator(".count").first()).hasText("3 subscriptions");
        page.locator("tbody a").first().click();
        assertThat(page.locator("h1")).hasText("/queue/orders");
    }

    @Test
    void aTopicTellsItsRatesAndTakesAMessage() {
        open("topics");
        link("/topic/prices.globex").click();
        assertThat(fact("Subscribers")).hasText(POSITIVE);
        assertThat(fact("Messages in")).hasText(Pattern.compile(".*/ s.*"));
        page.getByLabel("Body").fill("{\"price\": 12345678901234567890}");
        page.getByLabel("Type").selectOption("JSON");
        button("Publish").click();
        assertThat(page.locator("form .result"))
                .hasText(Pattern.compile("Published: delivered to \\d+ subscribers\\."));
        page.getByLabel("Body").fill("{");
        button("Publish").click();
        assertThat(page.locator("form .alert")).containsText("The body is not JSON");
    }

    @Test
    void whatATopicKeepsIsLookedIntoAndCleared() {
        for (String key : new String[] {"ACME", "EMCA"}) {
            Headers headers = Headers.of("retain", "set", "retain-key", key);
            SERVER.api().broker().publish("/topic/kept", headers, ("{\"key\":\"" + key + "\"}").getBytes(UTF_8));
        }
        open("topics/%2Ftopic%2Fkept");
        assertThat(fact("Last values").first()).hasText("2");
        assertThat(page.locator("summary")).hasCount(2);
        assertThat(page.locator("summary").first()).containsText("ACME");
        page.locator("summary").first().click();
        assertThat(page.locator(".headers")).containsText("retain-key");
        assertThat(page.locator("details pre")).containsText("  \"key\": \"ACME\"");
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "topic-kept.png")));
        assertThat(Axe.barriers(page)).isEmpty();

        button("Clear…").click();
        assertThat(page.locator("dialog")).containsText("/topic/kept");
        button("Cancel").click();
        assertThat(fact("Last values").first()).hasText("2");
        button("Clear…").click();
        page.locator("dialog .danger").click();
        assertThat(page.locator(".page > .result")).hasText("2 messages thrown away.");
        assertThat(fact("Last values").first()).hasText("0");
        assertThat(page.locator("summary")).hasCount(0);
        assertThat(button("Clear…")).isDisabled();
    }

    @Test
    void aTopicShowsTheSessionsThatArePresentWhereTheyAreGathered() {
        SERVER.api().broker().topicRules(List.of(TopicRule.of("/topic/room.#").withPresence()));
        SERVER.api().connect().subscribes("id:0\ndestination:/topic/room.lobby");
        Await.until(
                "the session is told",
                () -> SERVER.api()
                                .get("/topics/room.lobby/presence")
                                .json()
                                .path("total")
                                .asInt()
                        == 1);
        Locator present = page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Present"));
        open("topics");
        link("/topic/room.lobby").click();
        assertThat(present.locator("tbody tr")).hasCount(1);
        assertThat(present.locator("tbody tr")).containsText("anonymous");
        open("topics");
        link("/topic/prices.globex").click();
        assertThat(fact("Subscribers")).hasText(POSITIVE);
        assertThat(present).isHidden();
    }

    @Test
    void aQueueIsLookedInto() {
        open("queues");
        link("/queue/invoices").click();
        assertThat(fact("Ready").first()).hasText("45");
        assertThat(page.locator("summary")).hasCount(20);
        page.locator("summary").first().click();
        assertThat(page.locator(".headers")).containsText("application/json");
        assertThat(page.locator("details pre")).containsText("  \"invoice\": 1000,\n  \"paid\": false");
        button("More").click();
        assertThat(page.locator("summary")).hasCount(40);
        button("More").click();
        assertThat(page.locator("summary")).hasCount(45);
        assertThat(button("More")).isHidden();
    }

    @Test
    void messagesArePublishedMovedAndPurged() {
        open("queues");
        page.getByPlaceholder("/queue/orders").fill("parking");
        button("Open").click();
        assertThat(page.locator("h1")).hasText("/queue/parking");
        assertThat(page.locator("main")).containsText("it comes into being with its next message");
        assertThat(button("Purge…")).isDisabled();
        page.getByLabel("Headers").fill("priority: 9\ncolour: red");
        page.getByLabel("Body").fill("car");
        button("Publish").click();
        assertThat(page.locator("form .result")).hasText("Published: kept in 1 queue.");
        assertThat(page.locator("summary")).containsText("priority 9");

        button("Move…").click();
        page.locator("dialog input").fill("/topic/nowhere");
        page.locator("dialog .primary").click();
        assertThat(page.locator("dialog .alert")).hasText("This needs one destination, such as /queue/NAME.");
        page.locator("dialog input").fill("/queue/garage");
        page.locator("dialog .primary").click();
        assertThat(page.locator(".page > .result")).hasText("1 message moved to /queue/garage.");

        page.navigate(SERVER.url() + "#/queues/%2Fqueue%2Fgarage");
        assertThat(page.locator("h1")).hasText("/queue/garage");
        button("Purge…").click();
        assertThat(page.locator("dialog")).containsText("/queue/garage");
        button("Cancel").click();
        assertThat(fact("Ready").first()).hasText("1");
        button("Purge…").click();
        page.locator("dialog .danger").click();
        assertThat(page.locator(".page > .result")).hasText("1 message thrown away.");
    }

    @Test
    void whatClientsSendStaysText() {
        open("queues/%2Fqueue%2Fhostile");
        page.locator("summary").first().click();
        page.locator("summary").nth(1).click();
        assertThat(page.locator(".headers").first()).containsText(BusyServer.HTML);
        assertThat(page.locator("details pre").first()).hasText("<b>body</b>" + BusyServer.HTML);
        assertThat(page.locator("details pre").nth(1)).containsText("ff 00 01");
        assertThat(page.locator("main img")).hasCount(0);
        link("Queues").first().click();
        assertThat(link("/queue/<b>bold</b>")).isVisible();
        assertThat(page.locator("main b")).hasCount(0);
    }

    @Test
    void theConfigurationIsSearched() {
        open("configuration");
        page.getByLabel("Filter").fill("max_connections_per_address");
        assertThat(page.locator(".count")).hasText("1 setting");
        assertThat(page.locator("meter").first()).isVisible();
    }

    @Test
    void aClientInThePageShowsItsFrames() {
        open("try");
        button("Connect").first().click();
        assertThat(page.locator(".form-row .state")).hasText("connected");
        button("Subscribe").click();
        button("Send").click();
        Locator log = page.locator(".frames");
        assertThat(log).containsText("CONNECT\naccept-version");
        assertThat(log).containsText("SUBSCRIBE\n");
        assertThat(log).containsText("delivered:1");
        assertThat(log.locator("li.in").filter(new Locator.FilterOptions().setHasText("MESSAGE")))
                .containsText("Hello^@");
        button("Unsubscribe from /topic/hello").click();
        button("Disconnect").click();
        assertThat(log).containsText("Closed: code 1000");
    }

    @Test
    void anErrorFrameAndItsCloseCodeAreInTheLog() {
        open("try");
        page.getByLabel("Passcode").fill("secret-word");
        button("Connect").first().click();
        assertThat(page.locator(".form-row .state")).hasText("connected");
        page.getByLabel("Destination").nth(1).fill("/nowhere/else");
        button("Send").click();
        assertThat(page.locator(".frames li.error")).containsText("/topic/");
        assertThat(page.locator(".frames")).containsText("Closed: code 1002");
        assertThat(page.locator(".frames")).not().containsText("secret-word");
    }

    @Test
    void tenThousandConnectionsScrollWithAFewRows() {
        page.route(Pattern.compile(".*/api/v1/connections\\?.*"), route -> {
            String query = route.request().url();
            int offset = Integer.parseInt(query.replaceAll(".*offset=(\\d+).*", "$1"));
            String items = String.join(
                    ",",
                    IntStream.range(offset, Math.min(10_000, offset + 200))
                            .mapToObj(ConsoleIT::connection)
                            .toList());
            route.fulfill(new com.microsoft.playwright.Route.FulfillOptions()
                    .setContentType("application/json")
                    .setBody("{\"items\":[" + items + "],\"total\":10000,\"offset\":" + offset + ",\"limit\":200}"));
        });
        open("connections");
        assertThat(page.locator(".count")).hasText("10,000 connections");
        assertThat(page.locator("tbody tr").first()).containsText("c-0");
        Locator viewport = page.locator(".viewport");
        viewport.evaluate("each => { each.scrollTop = each.scrollHeight; }");
        assertThat(link("c-9999")).isVisible();
        assertThat(page.locator("tbody tr").last()).hasAttribute("aria-rowindex", "10001");
        viewport.evaluate("each => { each.scrollTop = each.scrollHeight / 2; }");
        assertThat(link("c-5005")).isVisible();
        assertThat(page.locator("tbody tr").count()).isLessThan(80);
        page.keyboard().press("End");
        assertThat(page.evaluate("() => document.documentElement.scrollHeight - window.innerHeight"))
                .as("what the page itself can scroll by, in pixels")
                .isEqualTo(0);
    }

    private static String connection(int number) {
        return "{\"id\":\"c-" + number
                + "\",\"user\":\"\",\"address\":\"192.0.2.1:1\",\"version\":\"1.2\",\"transport\":"
                + "\"tcp\",\"age_ms\":1,\"subscriptions\":1,\"outbox_bytes\":0,\"frames_in\":0,\"bytes_in\":0,\"bytes_out\":0}";
    }
}
