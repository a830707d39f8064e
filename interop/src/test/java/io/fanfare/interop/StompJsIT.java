package io.fanfare.interop;

import io.fanfare.server.FanfareServer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** stompjs in Node, over WebSocket. */
class StompJsIT extends ClientContract {

    private Driver driver;

    @BeforeAll
    void startNode() {
        Needs.node();
        driver = ProcessDriver.start(NodeModules.directory(), List.of("node", "stompjs-node.mjs"));
    }

    @AfterAll
    void stopNode() {
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
