package io.fanfare.nats.internal.connect;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.ErrorListener;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells once of the end of a connection that is not made again; the other connections of the node log what servers do. */
final class NatsConnectionEnd implements ConnectionListener, ErrorListener {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.nats");

    private final Runnable onEnd;
    private final AtomicBoolean told = new AtomicBoolean();

    /** Whether there was a connection: a server that is tried in vain on the way to one says that it has ended, too. */
    private volatile boolean connected;

    NatsConnectionEnd(Runnable onEnd) {
        this.onEnd = onEnd;
    }

    @Override
    @Deprecated
    public void connectionEvent(Connection connection, Events type) {
        // the method with details is the one that is called
    }

    @Override
    public void connectionEvent(Connection connection, Events type, Long time, String uriDetails) {
        connected |= type == Events.CONNECTED;
        // the first of the two writes no more either, and comes at once
        boolean isEnd = type == Events.DISCONNECTED || type == Events.CLOSED;
        if (isEnd && connected && told.compareAndSet(false, true)) {
            onEnd.run();
        }
    }

    @Override
    public void errorOccurred(Connection connection, String error) {
        LOG.error("nats error connection=appends error={}", error);
    }

    @Override
    public void exceptionOccurred(Connection connection, Exception exception) {
        LOG.debug("nats exception connection=appends", exception);
    }
}
