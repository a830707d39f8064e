package io.fanfare.nats.internal.connect;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamSubscription;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what happens to one connection, a line each, and tells it on. */
final class NatsConnectionLog implements ConnectionListener, ErrorListener {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.nats");

    private final Purpose purpose;
    private final ConnectionEvents events;
    private final ServerVersions versions;

    /** Set before the connection is closed on purpose, so that its end is no news. */
    private volatile boolean closing;

    /** An attempt to connect that fails is told by the caller. */
    private volatile boolean wasConnected;

    private final AtomicBoolean isLost = new AtomicBoolean();
    private volatile java.util.function.Consumer<JetStreamSubscription> silences = subscription -> {};

    NatsConnectionLog(Purpose purpose, ConnectionEvents events, ServerVersions versions) {
        this.purpose = purpose;
        this.events = events;
        this.versions = versions;
    }

    void onSilence(java.util.function.Consumer<JetStreamSubscription> listener) {
        silences = silences.andThen(listener);
    }

    void closing() {
        closing = true;
    }

    @Override
    @Deprecated
    public void connectionEvent(Connection connection, Events type) {
        // the method with details is the one that is called
    }

    @Override
    public void connectionEvent(Connection connection, Events type, Long time, String uriDetails) {
        if (closing) {
            return;
        }
        switch (type) {
            case CONNECTED -> {
                wasConnected = true;
                LOG.info("nats connected connection={} server={}", name(), server(connection));
                warnOfVersion(connection);
            }
            case RESUBSCRIBED -> {
                isLost.set(false);
                LOG.info("nats connected again connection={} server={}", name(), server(connection));
                warnOfVersion(connection);
                events.reconnected(purpose);
            }
            case DISCONNECTED -> {
                // jnats says so with each attempt that fails, too
                if (wasConnected && isLost.compareAndSet(false, true)) {
                    LOG.warn("nats disconnected connection={} reason={}", name(), reason(connection));
                    events.disconnected(purpose);
                }
            }
            case LAME_DUCK -> LOG.info("nats server={} says that it stops", server(connection));
            case CLOSED -> {
                if (wasConnected) {
                    LOG.error("nats closed connection={} reason={}", name(), reason(connection));
                    events.closed(purpose);
                }
            }
            case RECONNECTED, DISCOVERED_SERVERS -> {
                // the first is told once its subscriptions stand; the servers are those of the configuration
            }
        }
    }

    @Override
    public void errorOccurred(Connection connection, String error) {
        LOG.error("nats error connection={} server={} error={}", name(), server(connection), error);
    }

    @Override
    public void exceptionOccurred(Connection connection, Exception exception) {
        if (exception instanceof RuntimeException && !(exception instanceof IllegalStateException)) {
            LOG.error("nats exception connection={}", name(), exception);
        } else {
            // a lost connection is told as one; the causes are many, and none is the operator's
            LOG.debug("nats exception connection={}", name(), exception);
        }
    }

    @Override
    public void slowConsumerDetected(Connection connection, Consumer consumer) {
        LOG.warn(
                "nats dropped connection={} messages={} reason=this node takes them too slowly",
                name(),
                consumer.getDroppedCount());
        events.dropped(purpose);
    }

    @Override
    public void heartbeatAlarm(
            Connection connection, JetStreamSubscription subscription, long last, long lastOfConsumer) {
        LOG.debug("nats silent connection={} stream sequence={}", name(), last);
        silences.accept(subscription);
    }

    private void warnOfVersion(Connection connection) {
        String warning = versions.warning(connection.getServerInfo());
        if (warning != null) {
            LOG.warn(warning);
        }
    }

    private String name() {
        return purpose.name().toLowerCase(Locale.ROOT);
    }

    private static String server(Connection connection) {
        String url = connection.getConnectedUrl();
        return url == null ? "-" : url.substring(url.lastIndexOf('@') + 1);
    }

    private static String reason(Connection connection) {
        String error = connection.getLastError();
        return error == null || error.isEmpty() ? "the server has gone, or is silent" : error;
    }
}
