package io.fanfare.server.internal.http;

import io.fanfare.server.http.HttpEndpoint;
import io.fanfare.server.internal.net.AcceptStrategy;
import io.fanfare.server.internal.net.BindFailure;
import io.fanfare.server.internal.net.IpLiteral;
import io.fanfare.server.internal.net.ServerThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.glassfish.grizzly.Processor;
import org.glassfish.grizzly.filterchain.FilterChainBuilder;
import org.glassfish.grizzly.filterchain.TransportFilter;
import org.glassfish.grizzly.http.server.HttpServerFilter;
import org.glassfish.grizzly.http.server.ServerFilterConfiguration;
import org.glassfish.grizzly.nio.transport.TCPNIOServerConnection;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;
import org.glassfish.grizzly.nio.transport.TCPNIOTransportBuilder;
import org.glassfish.grizzly.ssl.SSLEngineConfigurator;
import org.glassfish.grizzly.ssl.SSLFilter;
import org.glassfish.grizzly.utils.DelayedExecutor;
import org.jspecify.annotations.Nullable;

/**
 * The admin listener: HTTP on a port of its own. It shares neither threads nor limits with the clients' ports, so that it
 * answers while they are overloaded.
 */
public final class AdminListener implements AutoCloseable {

    private static final int MAX_HEADER_BYTES = 8 << 10;
    private static final int MAX_CONNECTIONS = 64;

    /** The server's is longer than any client of ours waits: the API has shorter ones for what it asks others. */
    private static final AdminExchange.Timeouts TIMEOUTS =
            new AdminExchange.Timeouts(Duration.ofSeconds(10), Duration.ofMinutes(1));

    private static final int WORKERS = 2;

    /** What the bodies of all requests of a moment may take: a sixteenth of the heap, and not more than this. */
    private static final long MAX_BODIES_BYTES =
            Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16);

    private final Settings settings;
    private final ServerThreads selectorThread;
    private final ServerThreads workerThreads;
    private final ExecutorService selector;
    private final ScheduledThreadPoolExecutor workers;
    private final TCPNIOTransport transport;
    private final TCPNIOServerConnection listener;

    /**
     * What a listener is like.
     *
     * @param threadPrefix prefix of its threads' names
     * @param port 0: any free one
     * @param anyHost whether requests may name any host in their {@code Host}
     * @param trustedProxies addresses whose {@code X-Forwarded-For} counts
     * @param engines creates the TLS engine of each connection; null: the listener speaks plain text
     * @param endpoint answers what is no health check; null: nothing does
     */
    public record Settings(
            String threadPrefix,
            String host,
            int port,
            boolean anyHost,
            Predicate<InetAddress> trustedProxies,
            @Nullable Supplier<SSLEngine> engines,
            @Nullable HttpEndpoint endpoint) {

        String scheme() {
            return engines == null ? "http" : "https";
        }
    }

    /**
     * Binds the port and begins to accept.
     *
     * @throws IOException when the port cannot be bound; its message names it
     */
    public AdminListener(Settings settings, Health health) throws IOException {
        this(settings, health, TIMEOUTS);
    }

    AdminListener(Settings settings, Health health, AdminExchange.Timeouts timeouts) throws IOException {
        this.settings = settings;
        InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
        String threadPrefix = settings.threadPrefix();
        selectorThread = new ServerThreads(threadPrefix + "-selector-");
        workerThreads = new ServerThreads(threadPrefix + "-");
        selector = Executors.newSingleThreadExecutor(selectorThread);
        workers = new ScheduledThreadPoolExecutor(WORKERS, workerThreads);
        workers.setRemoveOnCancelPolicy(true);
        transport = TCPNIOTransportBuilder.newInstance()
                .setIOStrategy(new AcceptStrategy(workers))
                .setSelectorRunnersCount(1)
                .setReuseAddress(true)
                .build();
        transport.setKernelThreadPool(selector);
        transport.setWorkerThreadPoolConfig(null);
        transport.setProcessor(chain(health, timeouts));
        try {
            transport.start();
            listener = transport.bind(address);
        } catch (IOException e) {
            close();
            throw BindFailure.explain(settings.host(), settings.port(), "admin.host", "admin.port", e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Processor<?> chain(Health health, AdminExchange.Timeouts timeouts) {
        ServerFilterConfiguration configuration = new ServerFilterConfiguration();
        configuration.setPassTraceRequest(true);
        // not started: only delayed answers with a timeout would need it
        HttpServerFilter server = new HttpServerFilter(configuration, new DelayedExecutor(workers));
        server.setHttpHandler(new AdminHandler(
                health,
                new AllowedHosts(settings.host(), settings.anyHost()),
                new AllowedOrigins(settings.scheme()),
                settings.trustedProxies(),
                settings.endpoint(),
                new BodyBudget(MAX_BODIES_BYTES),
                workers));
        StrictHttpFilter codec = new StrictHttpFilter(MAX_HEADER_BYTES, "the limit of this listener");
        // lets the handler answer a request with a body
        codec.setAllowPayloadForUndefinedHttpMethods(true);
        codec.ignoreUpgrades();
        FilterChainBuilder chain = FilterChainBuilder.stateless()
                .add(new TransportFilter())
                .add(new AdminConnectionFilter(MAX_CONNECTIONS, timeouts, workers));
        Supplier<SSLEngine> engines = settings.engines();
        if (engines != null) {
            EngineConfigurator tls = new EngineConfigurator(engines);
            chain.add(new PlainHttpFilter()).add(new SSLFilter(tls, tls));
        }
        return chain.add(codec).add(new AdminRequestFilter()).add(server).build();
    }

    /** The listener's address, such as {@code http://127.0.0.1:15672}. */
    public URI uri() {
        return URI.create(settings.scheme() + "://" + IpLiteral.inUri(settings.host()) + ":" + port());
    }

    /** Not the URI's: that has none for a host with an underscore. */
    private int port() {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    /**
     * Whether an {@code Origin} is that of the pages which this listener itself serves, by a name that no stranger can make
     * lead here: a loopback address, or the host that it binds to.
     */
    public boolean isOriginOfItsPages(String origin) {
        return settings.endpoint() != null
                && new AllowedHosts(settings.host(), false).allowOrigin(origin, settings.scheme(), port());
    }

    /** Stops; returns when the port is free and every thread has ended. */
    @Override
    public void close() {
        try {
            transport.shutdownNow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            workers.shutdownNow();
            selector.shutdownNow();
            selectorThread.awaitEnd();
            workerThreads.awaitEnd();
            HttpEndpoint endpoint = settings.endpoint();
            if (endpoint != null) {
                endpoint.close();
            }
        }
    }

    /** Grizzly asks this for the engine of each connection. */
    private static final class EngineConfigurator extends SSLEngineConfigurator {

        private final Supplier<SSLEngine> engines;

        EngineConfigurator(Supplier<SSLEngine> engines) {
            this.engines = engines;
        }

        @Override
        public SSLEngine createSSLEngine(@Nullable String peerHost, int peerPort) {
            return engines.get();
        }

        @Override
        public SSLEngineConfigurator copy() {
            return new EngineConfigurator(engines);
        }
    }
}
