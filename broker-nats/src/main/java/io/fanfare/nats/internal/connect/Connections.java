package io.fanfare.nats.internal.connect;

import io.fanfare.nats.options.NatsAccess;
import io.fanfare.nats.options.NatsOptions;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two connections of a node to NATS: one for what is live, one for streams, so that neither waits behind the other. Each
 * finds another server by itself when its own is gone, for ever. Any thread may call.
 */
public final class Connections implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.nats");

    /** With the third Ping a server that is frozen or cut off is left. */
    private static final int MAX_PINGS_OUT = 2;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration RECONNECT_WAIT = Duration.ofMillis(100);
    private static final Duration RECONNECT_JITTER = Duration.ofMillis(100);
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final int FOR_EVER = -1;

    /** Live messages wait outside of jnats, where they are counted: there are few batches in its queue. */
    private static final int MAX_LIVE_OUTGOING = 64;

    /** Asked and told while there is no server. */
    public interface Attempts {

        /** Whether there is to be an attempt; false: this gives up. */
        boolean goOn();

        /** No server could be used, and all are tried again soon. */
        default void failed() {}
    }

    private final Connection live;
    private final Connection kept;
    private final NatsConnectionLog liveLog;
    private final NatsConnectionLog keptLog;

    private Connections(Connection live, NatsConnectionLog liveLog, Connection kept, NatsConnectionLog keptLog) {
        this.live = live;
        this.liveLog = liveLog;
        this.kept = kept;
        this.keptLog = keptLog;
    }

    /**
     * Connects, and tries again every half second while there is no server. The log has one line of that, and one for each other
     * reason.
     *
     * @param node the name of this node, which NATS' own monitoring shows
     * @param attempts asked whether to go on, and told of failures
     * @throws IOException when a file for TLS or the credentials can't be used
     * @throws InterruptedException when interrupted, or told to give up
     */
    public static Connections open(NatsOptions options, String node, ConnectionEvents events, Attempts attempts)
            throws IOException, InterruptedException {
        ServerVersions versions = new ServerVersions(options.effectiveReplicas() > 1);
        NatsConnectionLog liveLog = new NatsConnectionLog(Purpose.LIVE, events, versions);
        NatsConnectionLog keptLog = new NatsConnectionLog(Purpose.KEPT, events, versions);
        Connection live = connect(
                options,
                settings(options, node, Purpose.LIVE, liveLog).noEcho().maxMessagesInOutgoingQueue(MAX_LIVE_OUTGOING),
                attempts);
        try {
            Connection kept = connect(options, settings(options, node, Purpose.KEPT, keptLog), attempts);
            return new Connections(live, liveLog, kept, keptLog);
        } catch (IOException | InterruptedException | RuntimeException e) {
            liveLog.closing();
            live.close();
            throw e;
        }
    }

    /**
     * A connection that ends with its first trouble: it finds no other server, and what it has not sent by then is never sent.
     *
     * @param onEnd called once by a thread of jnats when it has ended, perhaps before the return
     * @throws IOException when no server can be used just now, or a file for TLS or the credentials can't
     * @throws InterruptedException when interrupted
     */
    public static Connection once(NatsOptions options, String node, Runnable onEnd)
            throws IOException, InterruptedException {
        NatsConnectionEnd end = new NatsConnectionEnd(onEnd);
        return Nats.connect(settings(options, node, "appends")
                .maxReconnects(0)
                // as much as its user bounds
                .maxMessagesInOutgoingQueue(-1)
                .connectionListener(end)
                .errorListener(end)
                .build());
    }

    private static Options.Builder settings(NatsOptions options, String node, Purpose purpose, NatsConnectionLog log)
            throws IOException {
        return settings(options, node, purpose.name().toLowerCase(Locale.ROOT))
                .maxReconnects(FOR_EVER)
                .reconnectWait(RECONNECT_WAIT)
                .reconnectJitter(RECONNECT_JITTER)
                .reconnectJitterTls(RECONNECT_JITTER)
                .connectionListener(log)
                .errorListener(log);
    }

    private static Options.Builder settings(NatsOptions options, String node, String purpose) throws IOException {
        Options.Builder builder = new Options.Builder()
                .servers(options.servers().toArray(String[]::new))
                // the operator's list counts: what servers tell of each other may be addresses of another network
                .ignoreDiscoveredServers()
                .connectionName("fanfare-" + options.name() + "-" + node + "-" + purpose)
                .pingInterval(options.pingInterval())
                .maxPingsOut(MAX_PINGS_OUT)
                .scheduledExecutor(SteadyTimer.INSTANCE)
                .connectionTimeout(CONNECT_TIMEOUT);
        NatsAccess access = options.access();
        Path credentials = access.credentials();
        if (credentials != null) {
            builder.authHandler(Nats.credentials(credentials.toString()));
        }
        return options.isTls() ? builder.sslContext(NatsTls.context(access)) : builder;
    }

    private static Connection connect(NatsOptions options, Options.Builder settings, Attempts attempts)
            throws InterruptedException {
        String told = "";
        while (attempts.goOn()) {
            try {
                return Nats.connect(settings.build());
            } catch (IOException e) {
                String why =
                        e instanceof AuthenticationException ? String.valueOf(e.getMessage()) : "no server answers";
                if (!why.equals(told)) {
                    LOG.warn(
                            "nats servers={} cannot be used, and are tried every {} ms: {}",
                            options.shownServers(),
                            RETRY.toMillis(),
                            why);
                    told = why;
                }
                attempts.failed();
                Thread.sleep(RETRY.toMillis());
            }
        }
        throw new InterruptedException("told to give up");
    }

    /** For live messages; it does not hear what it publishes itself. */
    public Connection live() {
        return live;
    }

    /** For streams. */
    public Connection kept() {
        return kept;
    }

    /** Has a thread of jnats, which must not be kept waiting, tell this one, too, of consumers of streams that are silent for three heart-beats. */
    public void onSilence(Consumer<JetStreamSubscription> listener) {
        keptLog.onSilence(listener);
    }

    @Override
    public void close() {
        liveLog.closing();
        keptLog.closing();
        try {
            if (live.getStatus() == Connection.Status.CONNECTED) {
                live.flush(CLOSE_TIMEOUT);
            }
        } catch (TimeoutException e) {
            LOG.debug("nats closing", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            live.close();
            kept.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
