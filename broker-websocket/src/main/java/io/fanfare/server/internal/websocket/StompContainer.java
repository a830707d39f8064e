package io.fanfare.server.internal.websocket;

import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.glassfish.tyrus.core.TyrusWebSocketEngine;
import org.glassfish.tyrus.server.TyrusServerContainer;
import org.glassfish.tyrus.spi.WebSocketEngine;
import org.jspecify.annotations.Nullable;

/** Tyrus's server container without its transport: an engine that upgrades requests to {@link StompEndpoint}s. */
public final class StompContainer extends TyrusServerContainer {

    /** Room for a frame's header: the message reader has checked the payload's size already. */
    private static final int HEADER_ROOM = 14;

    /** Set once, by the factory: engine and container know each other. */
    private @Nullable TyrusWebSocketEngine engine;

    private StompContainer() {
        super(Set.of());
    }

    /**
     * Creates a container with the STOMP endpoint at each of the paths.
     *
     * @param maxFrameBytes the largest WebSocket payload
     */
    public static StompContainer create(Collection<String> paths, int maxFrameBytes) {
        StompContainer container = new StompContainer();
        container.engine = TyrusWebSocketEngine.builder(container)
                .incomingBufferSize(maxFrameBytes + HEADER_ROOM)
                .build();
        // 0, the default, makes Tyrus schedule a task for every message
        container.setDefaultMaxSessionIdleTimeout(-1);
        try {
            for (String path : Set.copyOf(paths)) {
                container.register(StompEndpoint.at(path));
            }
        } catch (DeploymentException e) {
            throw new IllegalArgumentException("not a path for an endpoint: " + paths, e);
        }
        return container;
    }

    @Override
    public void register(Class<?> endpointClass) throws DeploymentException {
        engine().register(endpointClass, "/");
    }

    @Override
    public void register(ServerEndpointConfig config) throws DeploymentException {
        engine().register(config, "/");
    }

    @Override
    public Map<String, Object> getProperties() {
        return Map.of();
    }

    @Override
    public WebSocketEngine getWebSocketEngine() {
        return engine();
    }

    private TyrusWebSocketEngine engine() {
        return Objects.requireNonNull(engine);
    }
}
