package io.fanfare.endpoint;

import jakarta.websocket.server.ServerEndpointConfig;

class TyrusEndpointIT extends EndpointLifeContract {

    @Override
    Container start(ServerEndpointConfig endpoint) throws Exception {
        return TyrusContainer.start(endpoint);
    }

    /** Grizzly keeps the socket until all has been written. */
    @Override
    boolean letsGoOfClientsThatDoNotRead() {
        return false;
    }
}
