package io.fanfare.interop;

import io.fanfare.testing.Needs;
import java.util.List;

/** stompjs in Node, over WebSocket. */
class StompJsIT extends StompJsContract {

    @Override
    Driver start() {
        Needs.node();
        return ProcessDriver.start(NodeModules.CLIENTS.directory(), List.of("node", "stompjs-node.mjs"));
    }
}
