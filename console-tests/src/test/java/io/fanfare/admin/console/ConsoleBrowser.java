package io.fanfare.admin.console;

import io.fanfare.testing.browser.Browser;

/** A browser for the console, which shows itself what the API refuses, and leaves requests behind when it goes to another page. */
final class ConsoleBrowser {

    private static final String REFUSAL = "error: Failed to load resource: the server responded with a status of 4";

    private ConsoleBrowser() {}

    static Browser create() {
        return new Browser(1280, 800, problem -> !problem.startsWith(REFUSAL) && !problem.startsWith("failed: "));
    }
}
