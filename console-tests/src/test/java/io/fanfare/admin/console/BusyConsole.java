package io.fanfare.admin.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.fanfare.testing.browser.Browser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A console under load in a browser, with an empty page for each test. */
abstract class BusyConsole {

    @RegisterExtension
    static final BusyServer SERVER = new BusyServer();

    @RegisterExtension
    static final Browser BROWSER = ConsoleBrowser.create();

    Page page;

    @BeforeEach
    void newPage() {
        page = BROWSER.newPage();
    }

    /** Whatever was done, the page kept its own policy, and threw nothing. */
    @AfterEach
    void nothingToComplainOf() {
        assertThat(BROWSER.problems()).isEmpty();
    }

    final void open(String address) {
        page.navigate(SERVER.url() + "#/" + address);
        assertThat(page.locator("h1")).isVisible();
    }

    final Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }

    final Locator link(String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }
}
