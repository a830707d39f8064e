package io.fanfare.examples.orders;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ViewportSize;
import io.fanfare.client.StompClient;
import io.fanfare.frame.Headers;
import io.fanfare.testing.browser.Browser;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs the whole example with a browser; the test itself starts the workers, which are processes. */
@Timeout(600)
class OrdersIT {

    private static final int ORDERS = 45;

    @RegisterExtension
    static final Browser BROWSER = new Browser();

    private final Page page = BROWSER.newPage();
    private Orders orders;

    @AfterEach
    void close() {
        assertThat(BROWSER.problems()).isEmpty();
        orders.close();
    }

    @Test
    void aWorkerThatIsKilledLosesNoOrder() {
        open(500, ORDERS);
        shows("placed", ORDERS);
        // one that never ends what it has begun with
        orders.workers().start("anna", Duration.ofHours(1));
        assertThat(worker("anna")).hasAttribute("data-state", "working");
        page.locator("[aria-label='Kill anna']").press("Enter");
        assertThat(worker("anna")).hasAttribute("data-state", "killed");

        orders.workers().start("ben", Duration.ofMillis(1));
        orders.workers().start("cleo", Duration.ofMillis(1));
        for (String name : new String[] {"ben", "cleo"}) {
            assertThat(worker(name)).hasAttribute("data-state", Pattern.compile("working|idle"));
        }
        assertThat(page.locator("#balance")).hasAttribute("data-value", "balanced");
        // 20 and 40 are damaged
        shows("done", ORDERS - 2);
        shows("dead", 2);
        shows("open", 0);
        shows("twice", 0);
        // four that anna had, six for which the bank was silent, three times each of the damaged ones
        shows("redelivered", 4 + 6 + 2 * 3);
        // 10, 20, 30 and 40, whose RECEIPT was lost
        assertThat(page.locator("#repeats")).hasText("4 sent twice, taken once");
        Browser.picture(page, "orders");
        aPhoneNeedsNoScrollingSideways();
        theConsoleShowsTheDeadLetters();
    }

    private void aPhoneNeedsNoScrollingSideways() {
        ViewportSize before = page.viewportSize();
        page.setViewportSize(390, 800);
        Browser.needsNoScrollingSideways(page);
        page.setViewportSize(before.width, before.height);
    }

    private void theConsoleShowsTheDeadLetters() {
        String console = page.locator("#console").getAttribute("href");
        assertThat(console).isEqualTo(orders.deadLettersUri().toString());
        page.navigate(console);
        assertThat(page.locator("h1")).hasText(Destinations.DEAD_LETTERS);
        Locator letters = page.locator(".messages details");
        assertThat(letters).hasCount(2);
        for (int number : new int[] {20, 40}) {
            Locator letter = letters.filter(new Locator.FilterOptions().setHasText("\"number\":" + number));
            letter.locator("summary").press("Enter");
            assertThat(letter).containsText("order-" + number);
            assertThat(letter).containsText("max-deliveries");
            assertThat(letter).containsText(Destinations.ORDERS);
        }
        Browser.picture(page, "dead-letters");
    }

    @Test
    void theShopClosesAndAWorkerStartsAgainAsAButtonSays() {
        open(20, 0);
        orders.workers().start("ben", Duration.ofMillis(1));
        assertThat(page.locator("#done")).hasAttribute("data-value", Pattern.compile("[1-9][0-9]*"));
        page.locator("#produce").press("Enter");
        assertThat(page.locator("#shop")).hasText("closed");
        assertThat(page.locator("#balance")).hasAttribute("data-value", "balanced");

        String pid = worker("ben").getAttribute("data-pid");
        page.locator("[aria-label='Kill ben']").click();
        page.locator("[aria-label='Start ben']").click();
        assertThat(worker("ben")).not().hasAttribute("data-pid", pid);
        assertThat(worker("ben")).hasAttribute("data-state", "idle");
        assertThat(page.locator("#running")).hasText("1");
        page.locator("#produce").press("Enter");
        assertThat(page.locator("#shop")).hasText("open");
    }

    @Test
    void textInMessagesStaysText() {
        open(1, 1);
        String text = "<img src=x onerror=alert(1)>";
        String event =
                "{\"time\":0,\"order\":\"%1$s\",\"what\":\"taken\",\"worker\":\"%1$s\",\"delivery\":1,\"note\":\"%1$s\"}";
        try (StompClient client = StompClient.connect(orders.broker())) {
            client.send(
                            Destinations.EVENTS,
                            Headers.EMPTY,
                            event.formatted(text).getBytes(UTF_8))
                    .join();
        }
        assertThat(page.locator("#log th")).hasText(text);
        assertThat(page.locator("#log .text")).hasText(text);
        assertThat(page.locator("#log img")).hasCount(0);
    }

    /** Starts the example, without workers, and opens its page. */
    private void open(int rate, int limit) {
        orders = Orders.start(new OrdersOptions(0, 0, 0, 0, Duration.ZERO, rate, limit));
        page.navigate(orders.uri().toString());
        assertThat(page.locator("#state")).hasAttribute("data-value", "connected");
    }

    private Locator worker(String name) {
        return page.locator("[data-worker='" + name + "']");
    }

    private void shows(String sum, int value) {
        assertThat(page.locator("#" + sum)).hasAttribute("data-value", String.valueOf(value));
    }
}
