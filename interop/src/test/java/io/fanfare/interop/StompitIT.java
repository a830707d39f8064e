package io.fanfare.interop;

import io.fanfare.server.FanfareServer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** stompit in Node, over TCP. */
class StompitIT extends ClientContract {

    private Driver driver;

    @BeforeAll
    void startNode() {
        Needs.node();
        driver = ProcessDriver.start(NodeModules.directory(), List.of("node", "stompit-node.mjs"));
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
        return server.tcpPort();
    }

    /** It asks for the receipt of an UNSUBSCRIBE itself, and tells nobody; it has no place for one on SUBSCRIBE and BEGIN. */
    @Override
    Set<String> receipts() {
        return Set.of("SEND", "ACK", "NACK", "COMMIT", "ABORT");
    }
}
