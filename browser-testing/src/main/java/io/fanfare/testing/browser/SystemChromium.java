package io.fanfare.testing.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import io.fanfare.testing.Await;
import io.fanfare.testing.HeadlessChromium;
import io.fanfare.testing.Needs;
import java.util.Map;

/** Starts the Chromium that is installed; Playwright fetches none of its own. */
public final class SystemChromium {

    private SystemChromium() {}

    /** Playwright's driver, which the caller closes; its browsers end with it. */
    public static Playwright playwright() {
        return Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    }

    /** Starts the browser; the test is skipped, or fails in CI, where there is none. */
    public static Browser launch(Playwright playwright) {
        return playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Needs.chromium())
                        .setTimeout(Await.DEADLINE.toMillis())
                        .setArgs(HeadlessChromium.ARGUMENTS));
    }
}
