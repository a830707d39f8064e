package io.fanfare.interop;

import io.fanfare.testing.Needs;

/** stompjs in Chromium. */
class StompJsBrowserIT extends StompJsContract {

    @Override
    Driver start() {
        Needs.node();
        Needs.chromium();
        return PageDriver.open(NodeModules.CLIENTS.directory());
    }
}
