package io.fanfare.examples.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the whole example, broker, publisher and page, with a browser. */
@Timeout(600)
class DashboardIT {

    private static final Pattern POSITIVE = Pattern.compile("[1-9].*|0\\.0*[1-9].*");

    @Test
    void thePageShowsWhatThisMachineDoes() {
        DashboardOptions often = new DashboardOptions(0, 0, Duration.ofMillis(200));
        try (Browser browser = new Browser();
                Dashboard dashboard = Dashboard.start(often)) {
            Page page = browser.newPage();
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
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Path.of("target", "dashboard.png"))
                    .setFullPage(true));
            assertThat(browser.problems()).isEmpty();
        }
    }

    private static void changes(Locator element, String attribute) {
        for (int i = 0; i < 3; i++) {
            assertThat(element).not().hasAttribute(attribute, element.getAttribute(attribute));
        }
    }
}
