package io.fanfare.examples.ticker;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.fanfare.testing.browser.Browser;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs the whole example with a browser, with fewer changes than by default. */
@Timeout(600)
class TickerIT {

    private static final int SHARES = 20;
    private static final List<String> PANES = List.of("every", "paced", "conflated", "deltas");
    private static final Pattern HUNDREDS = Pattern.compile("[1-9][0-9]{2,}");

    @RegisterExtension
    static final Browser BROWSER = new Browser();

    private final Ticker ticker = Ticker.start(new TickerOptions(0, 0, 200, SHARES, 1, 10));
    private final Page page = BROWSER.newPage();

    @AfterEach
    void close() {
        ticker.close();
    }

    @Test
    void allTablesEndWithTheNewestPricesAndEachSaysWhatItLeftOut() {
        open();
        pause();
        // from here on the subscriptions see everything
        open();
        theSame();
        long before = number("#changes");
        press("Resume");
        for (String pane : List.of("every", "deltas")) {
            assertThat(figure(pane, "messages")).hasAttribute("data-value", HUNDREDS);
        }
        for (String pane : List.of("paced", "conflated")) {
            assertThat(figure(pane, "conflated")).hasAttribute("data-value", HUNDREDS);
        }
        assertThat(page.locator("#rate")).hasText(Pattern.compile("[0-9]+ / s of 200"));
        Browser.picture(page, "ticker");
        pause();
        theSame();

        long changes = number("#changes") - before;
        for (String pane : PANES) {
            assertThat(figure(pane, "messages")).hasAttribute("data-value", Pattern.compile("[0-9]+"));
            String figures = "[data-pane='" + pane + "'] [data-figure='";
            assertThat(number(figures + "messages']") + number(figures + "conflated']") + number(figures + "dropped']"))
                    .as(pane)
                    .isEqualTo(changes);
        }
        assertThat(number("[data-pane='every'] [data-figure='conflated']")).isZero();
        assertThat(number("[data-pane='deltas'] [data-figure='patches']")).isPositive();
        headersBreakAtNoHyphen();
        aChangeThatRoundsToNothingHasNoSign();
        aPhoneNeedsNoScrollingSideways();
        assertThat(BROWSER.problems()).isEmpty();
    }

    private void headersBreakAtNoHyphen() {
        for (int width : List.of(1360, 1200, 1110)) {
            page.setViewportSize(width, 900);
            assertThat(page.locator(".pane .term")
                            .evaluateAll("terms => new Set(terms.map(term => term.offsetHeight)).size"))
                    .as("heights at %s px", width)
                    .isEqualTo(1);
        }
    }

    private void aChangeThatRoundsToNothingHasNoSign() {
        assertThat(page.evaluate("async () => { const { signedPercent } = await import('./web/format.js');"
                        + " return [-0.004, 0, 0.004, -0.5, 0.5].map(signedPercent).join(', '); }"))
                .isEqualTo("0.00 %, 0.00 %, 0.00 %, −0.50 %, +0.50 %");
    }

    private void aPhoneNeedsNoScrollingSideways() {
        page.setViewportSize(390, 800);
        assertThat(page.locator("html").evaluate("html => html.scrollWidth - html.clientWidth"))
                .isEqualTo(0);
    }

    private void open() {
        page.navigate(ticker.uri().toString());
        for (String pane : PANES) {
            assertThat(pane(pane)).hasAttribute("data-state", "connected");
        }
        assertThat(page.locator("#pause")).isEnabled();
    }

    private void pause() {
        press("Pause");
        assertThat(page.locator("#state")).hasText("paused");
        theSame();
    }

    private void press(String button) {
        assertThat(page.locator("#pause")).hasText(button);
        page.locator("#pause").press("Enter");
    }

    private void theSame() {
        assertThat(page.locator("#verdict")).hasAttribute("data-kind", "recovered");
        String first = pane("every").locator("tbody").innerText();
        for (String pane : PANES) {
            assertThat(pane(pane).locator("tbody tr")).hasCount(SHARES);
            assertThat(pane(pane).locator("tbody").innerText()).as(pane).isEqualTo(first);
        }
    }

    private Locator pane(String id) {
        return page.locator("[data-pane='" + id + "']");
    }

    private Locator figure(String pane, String name) {
        return pane(pane).locator("[data-figure='" + name + "']");
    }

    private long number(String selector) {
        return Long.parseLong(page.locator(selector).getAttribute("data-value"));
    }
}
