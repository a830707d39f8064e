package io.fanfare.interop;

import io.fanfare.server.FanfareServer;
import io.fanfare.testing.Needs;
import java.util.List;
import java.util.Set;

/** stompit in Node, over TCP. */
class StompitIT extends DrivenContract {

    @Override
    Driver start() {
        Needs.node();
        return ProcessDriver.start(NodeModules.CLIENTS.directory(), List.of("node", "stompit-node.mjs"));
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
