package io.fanfare.endpoint;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Jakarta endpoint of one client: passes the container's events on. Messages come in parts, as the container has them,
 * so that its own limits of whole messages don't count. Called by threads of the container, one at a time; public because
 * containers call it by reflection.
 */
public final class ContainerEndpoint extends Endpoint {

    private static final Logger LOG = LoggerFactory.getLogger(ContainerEndpoint.class);

    private final StompEndpoint endpoint;
    private final TextBytes text = new TextBytes();

    /** Null for a client that is refused. */
    private @Nullable ContainerConnection connection;

    ContainerEndpoint(StompEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public void onOpen(Session session, EndpointConfig config) {
        Object client = session.getUserProperties().remove(Client.PROPERTY);
        config.getUserProperties().remove(Client.PROPERTY);
        Optional<ContainerConnection> opened = endpoint.open(session, (Client) Objects.requireNonNull(client));
        if (opened.isEmpty()) {
            return;
        }
        ContainerConnection to = opened.get();
        connection = to;
        session.addMessageHandler(String.class, (MessageHandler.Partial<String>)
                (part, last) -> to.arrived(new InboundBuffer.Part(true, text.encode(part), last)));
        session.addMessageHandler(ByteBuffer.class, (MessageHandler.Partial<ByteBuffer>)
                (part, last) -> to.arrived(new InboundBuffer.Part(false, copy(part), last)));
        session.addMessageHandler(PongMessage.class, (MessageHandler.Whole<PongMessage>) pong -> to.ponged());
    }

    /** The container uses its buffer again. */
    private static byte[] copy(ByteBuffer part) {
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        return bytes;
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
        if (connection != null) {
            connection.containerClosed(reason);
        }
    }

    @Override
    public void onError(Session session, Throwable error) {
        LOG.debug("session {}: {}", session.getId(), error.toString());
        // behind an I/O error the container closes
        if (connection != null && !(error instanceof IOException)) {
            connection.failed(error);
        }
    }
}
