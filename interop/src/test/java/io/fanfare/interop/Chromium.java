package io.fanfare.interop;

import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import io.fanfare.testing.Await;
import io.fanfare.testing.HeadlessChromium;
import io.fanfare.testing.Needs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** The system's Chromium. */
final class Chromium {

    private Chromium() {}

    static Playwright playwright() {
        Playwright.CreateOptions options =
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"));
        try {
            return Launch.inTurn(() -> Playwright.create(options));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A page of a browser of its own. */
    static Page newPage(Playwright playwright) {
        Page page = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Needs.chromium())
                        .setTimeout(Await.DEADLINE.toMillis())
                        .setArgs(HeadlessChromium.ARGUMENTS))
                .newPage();
        page.setDefaultTimeout(Await.DEADLINE.toMillis());
        return page;
    }
}
