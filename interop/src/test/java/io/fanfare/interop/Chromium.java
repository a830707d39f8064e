package io.fanfare.interop;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
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

    static Browser launch(Playwright playwright) {
        return playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Needs.chromium())
                        .setArgs(HeadlessChromium.ARGUMENTS));
    }
}
