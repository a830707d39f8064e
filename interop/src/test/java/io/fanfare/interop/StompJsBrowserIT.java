package io.fanfare.interop;

import io.fanfare.server.FanfareServer;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** stompjs in Chromium. */
class StompJsBrowserIT extends ClientContract {

    private Driver driver;

    @BeforeAll
    void openPage() {
        Needs.node();
        Needs.chromium();
        driver = PageDriver.open(NodeModules.directory());
    }

    @AfterAll
    void closePage() {
        if (driver != null) {
            driver.close();
        }
    }

    @Override
    Peer newPeer() {
        return driver.newPeer();
    }

    @Override
    int port(FanfareServer server) {
        return server.webSocketPort();
    }

    @Override
    Set<String> receipts() {
        return StompJs.RECEIPTS;
    }

    @Override
    String hardValue(String version) {
        return StompJs.hardValue(version);
    }
}
