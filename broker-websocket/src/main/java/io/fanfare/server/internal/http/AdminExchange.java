package io.fanfare.server.internal.http;

import io.fanfare.loop.LogThrottle;
import io.fanfare.server.internal.net.ClientTime;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one request of an admin connection and its answer: the client has a time for sending the request, and as long
 * again for reading the answer. The server's own part is not counted, and has a limit too, for connections have one.
 * Any thread may call.
 */
final class AdminExchange {

    private static final Logger LOG = LoggerFactory.getLogger(AdminExchange.class);

    private static final Attribute<AdminExchange> ATTRIBUTE =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute(AdminExchange.class.getName());

    private final Connection<?> connection;
    private final Timeouts timeouts;
    private final ScheduledExecutorService executor;
    private final LogThrottle lines;
    private final ClientTime time;
    private volatile boolean answered;

    // guarded by this

    /** What ends an exchange without an answer; null before the head of the request has come. */
    private @Nullable Future<?> answerAlarm;

    private boolean ended;

    /**
     * How long the parts of an exchange may take.
     *
     * @param client for sending the request, and again for reading the answer
     * @param server from the request's head to the answer, with the body in between
     */
    record Timeouts(Duration client, Duration server) {}

    private AdminExchange(
            Connection<?> connection, Timeouts timeouts, ScheduledExecutorService executor, LogThrottle lines) {
        this.connection = connection;
        this.timeouts = timeouts;
        this.executor = executor;
        this.lines = lines;
        this.time = ClientTime.begin(executor, timeouts.client(), this::clientTakesTooLong);
    }

    /**
     * Begins with an accepted connection.
     *
     * @param lines of all exchanges of the listener that are cut
     */
    static void begin(
            Connection<?> connection, Timeouts timeouts, ScheduledExecutorService executor, LogThrottle lines) {
        ATTRIBUTE.set(connection, new AdminExchange(connection, timeouts, executor, lines));
    }

    static AdminExchange of(Connection<?> connection) {
        return ATTRIBUTE.get(connection);
    }

    /** Something of the request has come, and its head with that. */
    synchronized void received() {
        if (answerAlarm == null && !ended) {
            time.pause();
            answerAlarm = executor.schedule(
                    this::serverTakesTooLong, timeouts.server().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** The server wants the rest of the body. */
    void awaitBody() {
        time.run();
    }

    /** The server has as much of the body as it wants. */
    void hasBody() {
        if (!answered) {
            time.pause();
        }
    }

    /** The client is to read the answer; what is left of its request is thrown away. */
    synchronized void answer() {
        answered = true;
        time.restart();
        endAlarm();
    }

    synchronized void end() {
        ended = true;
        time.end();
        endAlarm();
    }

    private void endAlarm() {
        if (answerAlarm != null) {
            answerAlarm.cancel(false);
        }
    }

    private void clientTakesTooLong() {
        cut(answered ? "the answer was not taken" : "no whole request", timeouts.client());
    }

    private void serverTakesTooLong() {
        cut("no answer was found", timeouts.server());
    }

    private void cut(String why, Duration timeout) {
        long closed = lines.next(System.nanoTime());
        if (closed > 0) {
            LOG.info(
                    "closed peer={} at the admin port, {} since the last line: {} within {} ms",
                    peer(connection),
                    closed,
                    why,
                    timeout.toMillis());
        }
        connection.terminateSilently();
    }

    /** The other side, for logs. */
    static String peer(Connection<?> connection) {
        InetSocketAddress address = (InetSocketAddress) connection.getPeerAddress();
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
