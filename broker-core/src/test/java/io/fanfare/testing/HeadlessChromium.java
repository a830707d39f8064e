package io.fanfare.testing;

import java.util.List;

/** How tests start Chromium: without a window, as any user, and without a connection to other hosts than the page's. */
public final class HeadlessChromium {

    public static final List<String> ARGUMENTS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private HeadlessChromium() {}
}
