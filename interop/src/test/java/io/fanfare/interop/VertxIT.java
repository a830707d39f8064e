package io.fanfare.interop;

import io.fanfare.server.FanfareServer;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;

/** Vert.x' STOMP client, over TCP. */
class VertxIT extends ClientContract {

    private final Vertx vertx = Vertx.vertx();

    @AfterAll
    void closeVertx() {
        vertx.close();
    }

    @Override
    Peer newPeer() {
        return new VertxPeer(vertx);
    }

    @Override
    int port(FanfareServer server) {
        return server.tcpPort();
    }
}
