package io.fanfare.endpoint;

import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.Map;
import java.util.Set;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.tyrus.container.grizzly.server.WebSocketAddOn;
import org.glassfish.tyrus.core.TyrusWebSocketEngine;
import org.glassfish.tyrus.server.TyrusServerContainer;
import org.glassfish.tyrus.spi.WebSocketEngine;

/** Tyrus on Grizzly's HTTP server, with its own way of sending: its {@code Server} would listen on all addresses. */
final class TyrusContainer extends TyrusServerContainer implements Container {

    private final TyrusWebSocketEngine engine =
            TyrusWebSocketEngine.builder(this).build();
    private final NetworkListener listener = new NetworkListener("ws", "127.0.0.1", 0);
    private final HttpServer server = new HttpServer();

    private TyrusContainer() {
        super(Set.of());
    }

    static Container start(ServerEndpointConfig endpoint) throws Exception {
        TyrusContainer container = new TyrusContainer();
        container.run(endpoint);
        return container;
    }

    private void run(ServerEndpointConfig endpoint) throws Exception {
        engine.register(endpoint, "/");
        listener.registerAddOn(new WebSocketAddOn(this, "/"));
        listener.getKeepAlive().setIdleTimeoutInSeconds(-1);
        server.addListener(listener);
        server.start();
        start("/", listener.getPort());
    }

    @Override
    public void register(Class<?> endpointClass) throws DeploymentException {
        engine.register(endpointClass, "/");
    }

    @Override
    public void register(ServerEndpointConfig config) throws DeploymentException {
        engine.register(config, "/");
    }

    @Override
    public Map<String, Object> getProperties() {
        return Map.of();
    }

    @Override
    public WebSocketEngine getWebSocketEngine() {
        return engine;
    }

    @Override
    public int port() {
        return listener.getPort();
    }

    @Override
    public void close() {
        stop();
        server.shutdownNow();
    }
}
