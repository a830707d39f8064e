package io.fanfare.admin.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ReducedMotion;
import io.fanfare.testing.Await;
import io.fanfare.testing.HeadlessChromium;
import io.fanfare.testing.Needs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The system's Chromium, one for all classes of tests, with what its newest page complains of. Owned by one thread. */
final class Browser implements BeforeAllCallback, AfterAllCallback {

    private static final double DEADLINE_MILLIS = Await.DEADLINE.toMillis();

    private static final String REFUSAL = "Failed to load resource: the server responded with a status of 4";

    private final List<String> problems = new ArrayList<>();
    private com.microsoft.playwright.Browser chromium;
    private String axe;

    @Override
    public void beforeAll(ExtensionContext context) {
        chromium = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(Browser.class))
                .computeIfAbsent("chromium", key -> new Running(), Running.class)
                .chromium;
        axe = axe();
    }

    /** What goes on on the pages of a class ends with it. */
    @Override
    public void afterAll(ExtensionContext context) {
        if (chromium != null) {
            closePages();
        }
    }

    private void closePages() {
        chromium.contexts().forEach(BrowserContext::close);
    }

    /** The program, from the first class that needs it to the end of all tests. */
    private static final class Running implements AutoCloseable {

        final com.microsoft.playwright.Browser chromium;
        private final Playwright playwright;

        Running() {
            BrowserType.LaunchOptions options = new BrowserType.LaunchOptions()
                    .setExecutablePath(Needs.chromium())
                    .setArgs(HeadlessChromium.ARGUMENTS);
            playwright = Playwright.create(
                    new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            PlaywrightAssertions.setDefaultAssertionTimeout(DEADLINE_MILLIS);
            chromium = playwright.chromium().launch(options);
        }

        @Override
        public void close() {
            playwright.close();
        }
    }

    /** An empty page that shares nothing with earlier ones, which are closed. */
    Page newPage() {
        closePages();
        problems.clear();
        Page page = chromium.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                        .setReducedMotion(ReducedMotion.REDUCE)
                        .setViewportSize(1280, 800))
                .newPage();
        page.setDefaultTimeout(DEADLINE_MILLIS);
        page.onConsoleMessage(message -> {
            boolean isOfInterest =
                    message.type().equals("error") || message.type().equals("warning");
            // what the API refuses is what the page shows
            if (isOfInterest && !message.text().startsWith(REFUSAL)) {
                problems.add(message.type() + ": " + message.text());
            }
        });
        page.onPageError(error -> problems.add("thrown: " + error));
        return page;
    }

    /** Errors and warnings in the browser's log, breaches of the policy among them, and exceptions. */
    List<String> problems() {
        return problems;
    }

    /** What axe finds on a page that is serious or worse, a line each. */
    @SuppressWarnings("unchecked")
    List<String> barriers(Page page) {
        if (Boolean.FALSE.equals(page.evaluate("'axe' in window"))) {
            page.evaluate(axe);
        }
        return (List<String>) page.evaluate("""
                async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
                  .filter(found => found.impact === 'serious' || found.impact === 'critical')
                  .flatMap(found => found.nodes.map(node => `${found.id}: ${node.target} ${node.failureSummary}`))
                """);
    }

    private static String axe() {
        try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(script).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
