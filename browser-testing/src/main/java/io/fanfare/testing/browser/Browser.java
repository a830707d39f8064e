package io.fanfare.testing.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import io.fanfare.testing.Await;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;

/** The system's Chromium, one for all classes of tests, with the problems of its newest page. Owned by one thread. */
public final class Browser implements BeforeAllCallback, AfterAllCallback {

    private static final double DEADLINE_MILLIS = Await.DEADLINE.toMillis();

    private final int width;
    private final int height;
    private final Predicate<String> isProblem;
    private final List<String> problems = new ArrayList<>();
    private com.microsoft.playwright.@Nullable Browser chromium;

    public Browser() {
        this(1360, 1000, problem -> true);
    }

    /** Windows of this size in CSS pixels; of {@link #problems}, those that this is true of count. */
    public Browser(int width, int height, Predicate<String> isProblem) {
        this.width = width;
        this.height = height;
        this.isProblem = isProblem;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        chromium = context.getStore(StoreScope.LAUNCHER_SESSION, ExtensionContext.Namespace.create(Browser.class))
                .computeIfAbsent("chromium", key -> new Running(), Running.class)
                .chromium;
    }

    /** What goes on on the pages of a class ends with it. */
    @Override
    public void afterAll(ExtensionContext context) {
        if (chromium != null) {
            closePages();
        }
    }

    private com.microsoft.playwright.Browser chromium() {
        return Objects.requireNonNull(chromium, "an extension is registered");
    }

    private void closePages() {
        chromium().contexts().forEach(BrowserContext::close);
    }

    /**
     * The program, from the first class that needs it to the end of all tests of this JVM. It is the session's, as each class
     * is an execution of its own, with its own root, where Surefire has several JVMs take classes in turn.
     */
    private static final class Running implements AutoCloseable {

        final com.microsoft.playwright.Browser chromium;
        private final Playwright playwright;

        Running() {
            playwright = SystemChromium.playwright();
            PlaywrightAssertions.setDefaultAssertionTimeout(DEADLINE_MILLIS);
            chromium = SystemChromium.launch(playwright);
        }

        @Override
        public void close() {
            playwright.close();
        }
    }

    /** An empty page that shares nothing with earlier ones, which are closed. */
    public Page newPage() {
        closePages();
        problems.clear();
        return watched(newContext().newPage());
    }

    /** Without animations, which would have a processor draw sixty pictures a second. */
    private BrowserContext newContext() {
        return chromium()
                .newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                        .setReducedMotion(ReducedMotion.REDUCE));
    }

    /** A further page beside one; its problems don't count, for its network is cut. */
    public Page another(Page page) {
        Page further = page.context().newPage();
        further.setDefaultTimeout(DEADLINE_MILLIS);
        return further;
    }

    private Page watched(Page page) {
        page.setDefaultTimeout(DEADLINE_MILLIS);
        page.setViewportSize(width, height);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                add(message.type() + ": " + message.text());
            }
        });
        page.onPageError(error -> add("thrown: " + error));
        page.onRequestFailed(request -> add("failed: " + request.url()));
        return page;
    }

    private void add(String problem) {
        if (isProblem.test(problem)) {
            problems.add(problem);
        }
    }

    /** A page of another browser, as far as sites can tell: it shares no cookie and no storage with the other pages. */
    public Page elsewhere() {
        return watched(newContext().newPage());
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

    /** Waits until the page, with what its scripts do at a new width, is no wider than its window. */
    public static void needsNoScrollingSideways(Page page) {
        page.waitForFunction("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth");
    }

    /**
     * Errors and warnings of the console, breaches of a policy among them, exceptions ({@code thrown: ...}), and requests that
     * failed ({@code failed: URL}).
     */
    public List<String> problems() {
        return problems;
    }
}
