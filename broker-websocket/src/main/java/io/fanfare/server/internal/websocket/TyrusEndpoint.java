package io.fanfare.server.internal.websocket;

import io.fanfare.frame.SubProtocols;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The Jakarta endpoint: passes Tyrus's events of one connection on. Unfragmented messages do not come this way (see {@link
 * MessageReader}); fragmented ones do, fragment by fragment. One instance per connection, called on its loop. Public
 * because Tyrus calls it by reflection.
 */
public final class TyrusEndpoint extends Endpoint {

    /** The connection that is being opened, for its endpoint, which Tyrus creates within the same call. */
    static final ThreadLocal<WebSocketConnection> OPENING = new ThreadLocal<>();

    private final WebSocketConnection connection = Objects.requireNonNull(OPENING.get());

    /** The configuration of this endpoint at a path. */
    static ServerEndpointConfig at(String path) {
        return ServerEndpointConfig.Builder.create(TyrusEndpoint.class, path)
                .subprotocols(SubProtocols.SUPPORTED)
                .configurator(new Configurator())
                .build();
    }

    @Override
    public void onOpen(Session session, EndpointConfig config) {
        session.addMessageHandler(String.class, new MessageHandler.Partial<String>() {
            @Override
            public void onMessage(String fragment, boolean last) {
                connection.fragment(ByteBuffer.wrap(fragment.getBytes(StandardCharsets.UTF_8)));
            }
        });
        session.addMessageHandler(ByteBuffer.class, new MessageHandler.Partial<ByteBuffer>() {
            @Override
            public void onMessage(ByteBuffer fragment, boolean last) {
                connection.fragment(fragment);
            }
        });
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
        connection.closedByTyrus(reason);
    }

    @Override
    public void onError(Session session, Throwable error) {
        connection.failedInTyrus(error);
    }

    private static final class Configurator extends ServerEndpointConfig.Configurator {

        @Override
        public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
            return SubProtocols.choose(SubProtocols.split(requested)).orElse("");
        }

        /** The handshake filter has checked the Origin before. */
        @Override
        public boolean checkOrigin(String origin) {
            return true;
        }

        @Override
        public <T> T getEndpointInstance(Class<T> endpointClass) {
            return endpointClass.cast(new TyrusEndpoint());
        }
    }
}
