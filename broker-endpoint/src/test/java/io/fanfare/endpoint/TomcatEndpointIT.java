package io.fanfare.endpoint;

import jakarta.websocket.server.ServerEndpointConfig;

class TomcatEndpointIT extends LoginContract {

    @Override
    Container start(ServerEndpointConfig endpoint) throws Exception {
        return TomcatContainer.start(endpoint, false);
    }

    @Override
    Container startWithLogin(ServerEndpointConfig endpoint) throws Exception {
        return TomcatContainer.start(endpoint, true);
    }
}
