package io.fanfare.endpoint;

import jakarta.websocket.server.ServerEndpointConfig;

class JettyEndpointIT extends LoginContract {

    @Override
    Container start(ServerEndpointConfig endpoint) throws Exception {
        return JettyContainer.start(endpoint, false);
    }

    @Override
    Container startWithLogin(ServerEndpointConfig endpoint) throws Exception {
        return JettyContainer.start(endpoint, true);
    }
}
