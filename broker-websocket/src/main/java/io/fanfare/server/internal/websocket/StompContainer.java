package io.fanfare.server.internal.websocket;

import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.Extension;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.net.URI;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import org.glassfish.tyrus.core.ExecutorServiceProvider;
import org.glassfish.tyrus.core.TyrusUpgradeResponse;
import org.glassfish.tyrus.core.TyrusWebSocketEngine;
import org.glassfish.tyrus.spi.Connection;
import org.glassfish.tyrus.spi.WebSocketEngine;
import org.glassfish.tyrus.spi.Writer;
import org.jspecify.annotations.Nullable;

/**
 * The container of {@link TyrusEndpoint}s for Tyrus's engine, which upgrades requests to them. Tyrus's own containers look for
 * the threads of an application server in its directory (JNDI), which takes a tenth of a server's first start; this one has
 * no threads, and connects to no server.
 */
public final class StompContainer extends ExecutorServiceProvider implements ServerContainer {

    /** Room for a frame's header: the message reader has checked the payload's size already. */
    private static final int HEADER_ROOM = 14;

    private final TyrusWebSocketEngine engine;
    private final String path;
    private int maxBinaryMessageBufferSize = Integer.MAX_VALUE;
    private int maxTextMessageBufferSize = Integer.MAX_VALUE;
    private long asyncSendTimeout;

    private StompContainer(String path, int maxFrameBytes) {
        this.path = path;
        engine = TyrusWebSocketEngine.builder(this)
                .incomingBufferSize(maxFrameBytes + HEADER_ROOM)
                .build();
    }

    /**
     * Creates a container with the STOMP endpoint at each of the paths.
     *
     * @param maxFrameBytes the largest WebSocket payload
     */
    public static StompContainer create(Collection<String> paths, int maxFrameBytes) {
        StompContainer container = new StompContainer(paths.iterator().next(), maxFrameBytes);
        try {
            for (String path : Set.copyOf(paths)) {
                container.addEndpoint(TyrusEndpoint.at(path));
            }
        } catch (DeploymentException e) {
            throw new IllegalArgumentException("not a path for an endpoint: " + paths, e);
        }
        return container;
    }

    WebSocketEngine engine() {
        return engine;
    }

    /**
     * Creates Tyrus's half of a connection that has been upgraded. What the handshake came to is long forgotten then: nothing
     * in it matters to what Tyrus reads and sends.
     *
     * @param writer of what Tyrus sends
     */
    Connection connect(Writer writer) {
        WebSocketEngine.UpgradeInfo upgrade = engine.upgrade(TyrusRequest.accepted(path), new TyrusUpgradeResponse());
        // no close listener: Tyrus leaves calling it to the transport
        return upgrade.createConnection(writer, reason -> {});
    }

    @Override
    public void addEndpoint(Class<?> endpointClass) throws DeploymentException {
        engine.register(endpointClass, "/");
    }

    @Override
    public void addEndpoint(ServerEndpointConfig config) throws DeploymentException {
        engine.register(config, "/");
    }

    @Override
    public void upgradeHttpToWebSocket(
            Object request, Object response, ServerEndpointConfig config, Map<String, String> pathParameters) {
        throw new UnsupportedOperationException("the handshake filter upgrades");
    }

    /** None: Tyrus needs threads for broadcasts of its own alone, which nothing here uses. */
    @Override
    public @Nullable ExecutorService getExecutorService() {
        return null;
    }

    /** None: Tyrus needs a timer for idle timeouts and heart-beats of its own alone, which are off here. */
    @Override
    public @Nullable ScheduledExecutorService getScheduledExecutorService() {
        return null;
    }

    @Override
    public Session connectToServer(Object endpoint, URI path) {
        throw connectsToNobody();
    }

    @Override
    public Session connectToServer(Class<?> endpointClass, URI path) {
        throw connectsToNobody();
    }

    @Override
    public Session connectToServer(Endpoint endpoint, ClientEndpointConfig config, URI path) {
        throw connectsToNobody();
    }

    @Override
    public Session connectToServer(Class<? extends Endpoint> endpointClass, ClientEndpointConfig config, URI path) {
        throw connectsToNobody();
    }

    private static UnsupportedOperationException connectsToNobody() {
        return new UnsupportedOperationException("this container only serves");
    }

    /** Never: 0, the default, makes Tyrus schedule a task for every message. */
    @Override
    public long getDefaultMaxSessionIdleTimeout() {
        return -1;
    }

    @Override
    public void setDefaultMaxSessionIdleTimeout(long timeout) {
        throw new UnsupportedOperationException("sessions have timers of their own");
    }

    @Override
    public long getDefaultAsyncSendTimeout() {
        return asyncSendTimeout;
    }

    @Override
    public void setAsyncSendTimeout(long timeout) {
        asyncSendTimeout = timeout;
    }

    @Override
    public int getDefaultMaxBinaryMessageBufferSize() {
        return maxBinaryMessageBufferSize;
    }

    @Override
    public void setDefaultMaxBinaryMessageBufferSize(int bytes) {
        maxBinaryMessageBufferSize = bytes;
    }

    @Override
    public int getDefaultMaxTextMessageBufferSize() {
        return maxTextMessageBufferSize;
    }

    @Override
    public void setDefaultMaxTextMessageBufferSize(int bytes) {
        maxTextMessageBufferSize = bytes;
    }

    @Override
    public Set<Extension> getInstalledExtensions() {
        return Set.of();
    }
}
