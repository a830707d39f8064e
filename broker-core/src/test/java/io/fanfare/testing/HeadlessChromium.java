package io.fanfare.testing;

import java.util.List;

/** How tests start Chromium: without a window, as any user, and without a connection to other hosts than the page's. */
public final class HeadlessChromium {

    /**
     * Features that are off. The first ones make three processes for each window that no test looks at: the two lists of
     * suggestions under the address field, which are pages themselves, and a renderer that waits for the next page. The
     * others are what Playwright turns off of what reaches for the network, translates, or delays a page; the last switch
     * of this name counts, so that its own list is void.
     */
    private static final List<String> OFF = List.of(
            "WebUIOmniboxPopup",
            "WebUIOmniboxAimPopup",
            "SpareRendererForSitePerProcess",
            "DialMediaRouteProvider",
            "GlobalMediaControls",
            "HttpsUpgrades",
            "LensOverlay",
            "MediaRouter",
            "OptimizationHints",
            "PaintHolding",
            "ThirdPartyStoragePartitioning",
            "Translate");

    public static final List<String> ARGUMENTS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-features=" + String.join(",", OFF));

    private HeadlessChromium() {}
}
