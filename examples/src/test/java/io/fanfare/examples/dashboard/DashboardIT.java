package io.fanfare.examples.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.fanfare.testing.browser.Browser;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs the whole example, broker, publisher and page, with a browser. */
@Timeout(600)
class DashboardIT {

    private static final Pattern POSITIVE = Pattern.compile("[1-9].*|0\\.0*[1-9].*");

    @RegisterExtension
    static final Browser BROWSER = new Browser();

    @Test
    void thePageShowsWhatThisMachineDoes() {
        DashboardOptions often = DashboardOptions.every(Duration.ofMillis(100));
        try (Dashboard dashboard = Dashboard.start(often)) {
            Page page = BROWSER.newPage();
            page.navigate(dashboard.uri().toString());
            assertThat(page.locator("#state")).hasAttribute("data-value", "connected");

            assertThat(page.locator("#memory-now")).hasAttribute("data-value", POSITIVE);
            assertThat(page.locator("#processes-now")).hasAttribute("data-value", POSITIVE);
            assertThat(page.locator("#rate")).hasAttribute("data-value", POSITIVE);
            assertThat(page.locator("#processes tr").first()).isVisible();
            assertThat(page.locator("#cpu canvas")).isVisible();
            assertThat(page.locator("[data-series='cpu.total']")).hasAttribute("data-value", POSITIVE);

            // every topic gets further messages, and the numbers change (on a busy machine CPU may stay at 100 %)
            for (String topic : List.of("cpu", "memory", "network", "processes")) {
                changes(page.locator("#" + topic + "-now"), "data-time");
            }
            changes(page.locator("#count"), "data-value");
            changes(page.locator("#network-now"), "data-value");

            // some hundred messages, so that the screenshot shows lines
            assertThat(page.locator("#count")).hasAttribute("data-value", Pattern.compile("[0-9]{3,}"));
            Browser.picture(page, "dashboard");
            assertThat(BROWSER.problems()).isEmpty();
        }
    }

    @Test
    void theChartsAreFullWhenAPageOpens() {
        DashboardOptions often = DashboardOptions.every(Duration.ofMillis(100));
        try (Dashboard dashboard = Dashboard.start(often)) {
            Page first = BROWSER.newPage();
            first.navigate(dashboard.uri().toString());
            assertThat(first.locator("#count")).hasAttribute("data-value", Pattern.compile("[0-9]{3,}"));
            // all that the first page has got over time is there when the second is connected
            int before = Integer.parseInt(first.locator("#count").getAttribute("data-value"));
            Page second = BROWSER.another(first);
            second.navigate(dashboard.uri().toString());
            assertThat(second.locator("#state")).hasAttribute("data-value", "connected");
            assertThat(Integer.parseInt(second.locator("#count").getAttribute("data-value")))
                    .isGreaterThanOrEqualTo(before);
            assertThat(BROWSER.problems()).isEmpty();
        }
    }

    @Test
    void theTableShowsTheProcessesOfThisMachine() {
        try (Dashboard dashboard = Dashboard.start(DashboardOptions.every(Duration.ofMillis(200)))) {
            Page page = BROWSER.newPage();
            page.navigate(dashboard.uri() + "processes.html");
            assertThat(page.locator("#state")).hasAttribute("data-value", "connected");
            assertThat(page.locator("#changes")).hasAttribute("data-value", Pattern.compile("[0-9]{2,}"));
            assertThat(page.locator("#patches")).hasAttribute("data-value", Pattern.compile("[0-9]{2,}"));
            // this process is one of them
            String pid = String.valueOf(ProcessHandle.current().pid());
            assertThat(page.locator("#rows [data-key='" + pid + "']")).isVisible();
            Browser.picture(page, "processes");
            assertThat(BROWSER.problems()).isEmpty();
        }
    }

    @Test
    void aSubscriptionWithMaxRateGetsLessThanOneWithout() {
        try (Dashboard dashboard = Dashboard.start(DashboardOptions.DEFAULT)) {
            Page page = BROWSER.newPage();
            page.navigate(dashboard.uri() + "rates.html");
            assertThat(page.locator("#some-topic")).hasText("/topic/host.pulse, max-rate:2");
            assertThat(page.locator("#some-conflated")).hasAttribute("data-value", Pattern.compile("[0-9]{2,}"));
            assertThat(page.locator("#every-conflated")).hasAttribute("data-value", "0");
            Browser.picture(page, "rates");
            page.locator("#most").selectOption("1");
            assertThat(page.locator("#some-topic")).hasText("/topic/host.pulse, max-rate:1");
            changes(page.locator("#some-conflated"), "data-value");
            assertThat(page.locator("#state")).hasAttribute("data-value", "connected");
            assertThat(BROWSER.problems()).isEmpty();
        }
    }

    private static void changes(Locator element, String attribute) {
        for (int i = 0; i < 3; i++) {
            assertThat(element).not().hasAttribute(attribute, element.getAttribute(attribute));
        }
    }
}
