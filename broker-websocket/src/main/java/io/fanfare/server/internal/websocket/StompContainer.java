package io.fanfare.server.internal.websocket;

import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.Map;
import java.util.Set;
import org.glassfish.tyrus.core.TyrusWebSocketEngine;
import org.glassfish.tyrus.server.TyrusServerContainer;
import org.glassfish.tyrus.spi.WebSocketEngine;

/** Tyrus's server container without its transport: an engine that upgrades requests to {@link StompEndpoint}s. */
public final class StompContainer extends TyrusServerContainer {

    /** Room for a frame's header: the message reader has checked the payload's size already. */
    private static final int HEADER_ROOM = 14;

    private final TyrusWebSocketEngine engine;

    /**
     * A container with the STOMP endpoint at each of the paths.
     *
     * @param maxFrameBytes the largest WebSocket payload
     */
    public StompContainer(Set<String> paths, int maxFrameBytes) {
        super(Set.of());
        engine = TyrusWebSocketEngine.builder(this)
                .incomingBufferSize(maxFrameBytes + HEADER_ROOM)
                .build();
        // 0, the default, makes Tyrus schedule a task for every message
        setDefaultMaxSessionIdleTimeout(-1);
        try {
            for (String path : paths) {
                register(StompEndpoint.at(path));
            }
        } catch (DeploymentException e) {
            throw new IllegalArgumentException("not a path for an endpoint: " + paths, e);
        }
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
}
