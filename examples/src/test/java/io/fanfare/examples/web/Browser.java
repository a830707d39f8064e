package io.fanfare.examples.web;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.fanfare.testing.Await;
import io.fanfare.testing.HeadlessChromium;
import io.fanfare.testing.Needs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The system's Chromium, with the problems of its newest page. Owned by one thread. */
public final class Browser implements AutoCloseable {

    private static final double DEADLINE_MILLIS = Await.DEADLINE.toMillis();

    private final List<String> problems = new ArrayList<>();
    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;

    public Browser() {
        BrowserType.LaunchOptions options = new BrowserType.LaunchOptions()
                .setExecutablePath(Needs.chromium())
                .setArgs(HeadlessChromium.ARGUMENTS);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        PlaywrightAssertions.setDefaultAssertionTimeout(DEADLINE_MILLIS);
        chromium = playwright.chromium().launch(options);
    }

    /** An empty page that shares nothing with earlier ones, which are closed. */
    public Page newPage() {
        chromium.contexts().forEach(BrowserContext::close);
        problems.clear();
        return watched(chromium.newContext().newPage());
    }

    /** A further page beside one; its problems don't count, for its network is cut. */
    public Page another(Page page) {
        Page further = page.context().newPage();
        further.setDefaultTimeout(DEADLINE_MILLIS);
        return further;
    }

    private Page watched(Page page) {
        page.setDefaultTimeout(DEADLINE_MILLIS);
        page.setViewportSize(1360, 1000);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                problems.add(message.type() + ": " + message.text());
            }
        });
        page.onPageError(error -> problems.add("thrown: " + error));
        page.onRequestFailed(request -> problems.add("failed: " + request.url()));
        return page;
    }

    /** A page of another browser, as far as sites can tell: it shares no cookie and no storage with the other pages. */
    public Page elsewhere() {
        return watched(chromium.newContext().newPage());
    }

    /** Takes pictures of a page in both schemes, {@code target/NAME.png} and {@code NAME-dark.png}, for a look at them. */
    public static void picture(Page page, String name) {
        for (ColorScheme scheme : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            String suffix = scheme == ColorScheme.DARK ? "-dark.png" : ".png";
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Path.of("target", name + suffix))
                    .setFullPage(true));
        }
    }

    /** Errors and warnings of the console, exceptions, and requests that failed. */
    public List<String> problems() {
        return problems;
    }

    @Override
    public void close() {
        playwright.close();
    }
}
