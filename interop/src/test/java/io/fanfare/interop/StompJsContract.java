package io.fanfare.interop;

import io.fanfare.server.FanfareServer;
import java.util.Set;

/** What stompjs 7 can do with the server, and does its own way, wherever it runs. */
abstract class StompJsContract extends DrivenContract {

    @Override
    int port(FanfareServer server) {
        return server.webSocketPort();
    }

    /** Its API has no place for a receipt on BEGIN, COMMIT and ABORT. */
    @Override
    Set<String> receipts() {
        return Set.of("SEND", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "NACK");
    }

    /**
     * It neither escapes nor unescapes in 1.1. In 1.2 it undoes its escapes one kind after the other, so that a backslash
     * before an n, r or c comes out wrong.
     */
    @Override
    String hardValue(String version) {
        return version.equals("1.2") ? "a:b\\d\nd\re:é€😀" : "ü=é;€ 😀";
    }
}
