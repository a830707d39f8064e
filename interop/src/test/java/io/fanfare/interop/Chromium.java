package io.fanfare.interop;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import io.fanfare.testing.Await;
import io.fanfare.testing.browser.SystemChromium;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The system's Chromium, beside programs that other threads start. */
final class Chromium {

    private Chromium() {}

    static Playwright playwright() {
        try {
            return Launch.inTurn(SystemChromium::playwright);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A page of a browser of its own. */
    static Page newPage(Playwright playwright) {
        Page page = SystemChromium.launch(playwright).newPage();
        page.setDefaultTimeout(Await.DEADLINE.toMillis());
        return page;
    }
}
