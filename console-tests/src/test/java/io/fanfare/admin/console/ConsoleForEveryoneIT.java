package io.fanfare.admin.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The console without a pointer, with a screen reader, in light and dark, and on a phone. */
@Timeout(600)
class ConsoleForEveryoneIT extends BusyConsole {

    private static final List<String> PAGES = List.of(
            "overview",
            "connections",
            "subscriptions",
            "topics",
            "topics/%2Ftopic%2Fprices.acme",
            "queues",
            "queues/%2Fqueue%2Finvoices",
            "events",
            "configuration",
            "try");

    /** From the address to a purged queue, without a pointer. */
    @Test
    void theMainPathsNeedAKeyboardAlone() {
        SERVER.api().connect().publishes("/queue/a-first", "1");
        open("overview");
        press("Tab");
        assertThat(page.locator("#skip")).isFocused();
        tabTo(link("Queues"));
        press("Enter");
        assertThat(page.locator("h1")).isFocused();
        tabTo(page.getByLabel("Filter"));
        page.keyboard().type("a-first");
        assertThat(page.locator(".count")).hasText("1 queue");
        tabTo(link("/queue/a-first"));
        press("Enter");
        assertThat(page.locator("h1")).hasText("/queue/a-first");
        tabTo(button("Purge…"));
        press("Enter");
        assertThat(button("Cancel")).isFocused();
        press("Escape");
        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(button("Purge…")).isFocused();
        press("Enter");
        tabTo(page.locator("dialog .danger"));
        press("Enter");
        assertThat(page.locator(".page > .result")).hasText("1 message thrown away.");

        page.navigate(SERVER.url() + "#/try");
        tabTo(button("Connect").first());
        press("Enter");
        assertThat(page.locator(".form-row .state")).hasText("connected");
        tabTo(button("Send"));
        press("Enter");
        assertThat(page.locator(".frames")).containsText("RECEIPT");
    }

    private void press(String key) {
        page.keyboard().press(key);
    }

    /** Tab, until the element has the focus; fails when it never gets it. */
    private void tabTo(Locator wanted) {
        assertThat(wanted).isVisible();
        for (int i = 0; i < 80; i++) {
            if (Boolean.TRUE.equals(wanted.evaluate("each => each === document.activeElement"))) {
                return;
            }
            press("Tab");
        }
        assertThat(wanted).isFocused();
    }

    @Test
    void axeFindsNoBarrierOnAnyPageInLightAndDark() {
        open("overview");
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            for (String address : PAGES) {
                show(address);
                assertThat(Axe.barriers(page)).as("%s %s", scheme, address).isEmpty();
                photograph(address, scheme);
            }
            show("queues/%2Fqueue%2Finvoices");
            page.locator("summary").first().click();
            button("Purge…").click();
            assertThat(Axe.barriers(page)).as("%s dialog", scheme).isEmpty();
            button("Cancel").click();
        }
    }

    @Test
    void aPhoneNeedsNoScrollingSideways() {
        page.setViewportSize(390, 844);
        open("overview");
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            for (String address : PAGES) {
                show(address);
                page.waitForFunction(
                        "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth");
                photograph(address, scheme);
            }
        }
    }

    @Test
    void aPhoneShowsWhereItIsAndTheUserAndWholeHeadings() {
        page.setViewportSize(390, 844);
        open("overview");
        for (String address : List.of("connections", "subscriptions", "topics", "queues", "events", "try")) {
            show(address);
            page.waitForFunction(
                    "() => { const here = document.querySelector('nav a[aria-current]').getBoundingClientRect();"
                            + " return here.left >= 0 && here.right <= innerWidth; }");
            assertThat((List<?>) page.evaluate("() => [...document.querySelectorAll('.virtual')].flatMap(table => {"
                            + " const shown = [...table.querySelectorAll('thead th')].filter(each => each.offsetWidth);"
                            + " const cut = shown.filter(each => [each, ...each.children]"
                            + ".some(part => part.scrollWidth > part.clientWidth)).map(each => each.textContent);"
                            + " const end = getComputedStyle(shown.at(-1) ?? table).paddingRight;"
                            + " return shown.length === 0 || end === '18px' ? cut : [...cut, `ends with ${end}`]; })"))
                    .as(address)
                    .isEmpty();
        }
        show("connections");
        assertThat(page.locator("th:visible", new Page.LocatorOptions().setHasText("User")))
                .isVisible();
    }

    /** For people to look at, where {@code -Dpictures} asks for it: to draw forty pictures takes as long as the tests do. */
    private void photograph(String address, ColorScheme scheme) {
        if (System.getProperty("pictures") == null) {
            return;
        }
        String name = address.replaceAll("/.*", "-one") + "-" + scheme.name().toLowerCase(Locale.ROOT) + "-"
                + page.viewportSize().width;
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "console", name + ".png"))
                .setFullPage(true));
    }

    /** Goes to a page and waits until it has what it shows. */
    private void show(String address) {
        page.evaluate("address => { location.hash = `#/${address}`; }", address);
        assertThat(page.locator("main")).hasAttribute("data-page", "#/" + address);
        switch (address) {
            case "overview" -> assertThat(page.locator("table a").first()).isVisible();
            case "configuration" -> assertThat(page.locator("meter").first()).isVisible();
            case "try" -> assertThat(page.locator(".log-hint")).isVisible();
            case "queues/%2Fqueue%2Finvoices" ->
                assertThat(page.locator("summary").first()).isVisible();
            default -> assertThat(page.locator("tbody a, tbody .badge").first()).isVisible();
        }
    }
}
