package io.fanfare.server.internal.http;

import io.fanfare.server.internal.net.AcceptStrategy;
import io.fanfare.server.internal.net.BindFailure;
import io.fanfare.server.internal.net.IpLiteral;
import io.fanfare.server.internal.net.ServerThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.glassfish.grizzly.Processor;
import org.glassfish.grizzly.filterchain.FilterChainBuilder;
import org.glassfish.grizzly.filterchain.TransportFilter;
import org.glassfish.grizzly.http.server.HttpServerFilter;
import org.glassfish.grizzly.http.server.ServerFilterConfiguration;
import org.glassfish.grizzly.nio.transport.TCPNIOServerConnection;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;
import org.glassfish.grizzly.nio.transport.TCPNIOTransportBuilder;
import org.glassfish.grizzly.utils.DelayedExecutor;

/**
 * The admin listener: HTTP on a port of its own. It shares neither threads nor limits with the clients' ports, so that it
 * answers while they are overloaded.
 */
public final class AdminListener implements AutoCloseable {

    private static final int MAX_HEADER_BYTES = 8 << 10;
    private static final int MAX_CONNECTIONS = 64;
    private static final Duration EXCHANGE_TIMEOUT = Duration.ofSeconds(10);
    private static final int WORKERS = 2;

    private final String host;
    private final ServerThreads selectorThread;
    private final ServerThreads workerThreads;
    private final ExecutorService selector;
    private final ScheduledThreadPoolExecutor workers;
    private final TCPNIOTransport transport;
    private final TCPNIOServerConnection listener;

    /**
     * Binds the port and begins to accept.
     *
     * @param threadPrefix prefix of its threads' names
     * @param port 0: any free one
     * @param anyHost whether requests may name any host in their {@code Host}
     * @throws IOException when the port cannot be bound; its message names it
     */
    public AdminListener(String threadPrefix, String host, int port, boolean anyHost, Health health)
            throws IOException {
        this(threadPrefix, host, port, anyHost, health, EXCHANGE_TIMEOUT);
    }

    AdminListener(String threadPrefix, String host, int port, boolean anyHost, Health health, Duration exchangeTimeout)
            throws IOException {
        this.host = host;
        InetSocketAddress address = new InetSocketAddress(host, port);
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
        transport.setProcessor(chain(health, new AllowedHosts(host, anyHost), exchangeTimeout));
        try {
            transport.start();
            listener = transport.bind(address);
        } catch (IOException e) {
            close();
            throw BindFailure.explain(host, port, "admin.host", "admin.port", e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Processor<?> chain(Health health, AllowedHosts hosts, Duration exchangeTimeout) {
        ServerFilterConfiguration configuration = new ServerFilterConfiguration();
        configuration.setPassTraceRequest(true);
        // not started: only delayed answers with a timeout would need it
        HttpServerFilter server = new HttpServerFilter(configuration, new DelayedExecutor(workers));
        server.setHttpHandler(new AdminHandler(health, hosts, workers));
        StrictHttpFilter codec = new StrictHttpFilter(MAX_HEADER_BYTES, "the limit of this listener");
        // lets the handler answer a request with a body
        codec.setAllowPayloadForUndefinedHttpMethods(true);
        return FilterChainBuilder.stateless()
                .add(new TransportFilter())
                .add(new AdminConnectionFilter(MAX_CONNECTIONS, exchangeTimeout, workers))
                .add(codec)
                .add(server)
                .build();
    }

    /** The listener's address, such as {@code http://127.0.0.1:15672}. */
    public URI uri() {
        int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
        return URI.create("http://" + IpLiteral.inUri(host) + ":" + port);
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
        }
    }
}
