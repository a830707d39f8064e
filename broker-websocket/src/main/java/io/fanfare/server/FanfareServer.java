package io.fanfare.server;

import io.fanfare.broker.Authenticator;
import io.fanfare.broker.Broker;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.broker.Session;
import io.fanfare.frame.CloseCode;
import io.fanfare.server.http.AdminListener;
import io.fanfare.server.http.Health;
import io.fanfare.server.net.Acceptance;
import io.fanfare.server.net.Admission;
import io.fanfare.server.net.Entrance;
import io.fanfare.server.net.EventLoops;
import io.fanfare.server.net.ServerThreads;
import io.fanfare.server.net.TlsFilter;
import io.fanfare.server.net.TlsListener;
import io.fanfare.server.tcp.TcpAcceptor;
import io.fanfare.server.tls.ServerTls;
import io.fanfare.server.websocket.HandshakeFilter;
import io.fanfare.server.websocket.StompContainer;
import io.fanfare.server.websocket.StrictHttpFilter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.glassfish.grizzly.Processor;
import org.glassfish.grizzly.filterchain.FilterChainBuilder;
import org.glassfish.grizzly.filterchain.TransportFilter;
import org.glassfish.grizzly.nio.transport.TCPNIOBindingHandler;
import org.glassfish.grizzly.nio.transport.TCPNIOServerConnection;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;
import org.glassfish.grizzly.nio.transport.TCPNIOTransportBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A broker with its listeners: STOMP over WebSocket, and over plain TCP.
 *
 * <pre>{@code
 * try (var server = FanfareServer.builder().port(0).start()) {
 *     connectTo(server.webSocketUri());
 * }
 * }</pre>
 *
 * <p>Several servers may run in one JVM; they share nothing. Any thread may call any method.
 */
public final class FanfareServer implements AutoCloseable {

    /** How often {@link #close} looks for clients that it has not said goodbye to yet. */
    private static final Duration GOODBYE_ROUND = Duration.ofMillis(100);

    /** How long a loop may be busy until the health check takes it for hung. */
    private static final Duration LOOP_PATIENCE = Duration.ofSeconds(5);

    /** Signatures of TLS handshakes take at most half of the processors. */
    private static final int TLS_WORKERS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private static final AtomicInteger SERVERS = new AtomicInteger();

    private final ServerOptions options;
    private final Broker broker;
    private final EventLoops loops = new EventLoops();
    private final String name = "fanfare-" + SERVERS.incrementAndGet();
    private final Admission admission;
    private final ServerThreads threads = new ServerThreads(name + "-loop-");
    private final ServerThreads tlsThreads = new ServerThreads(name + "-tls-");
    private final ExecutorService executor;
    private final @Nullable ExecutorService tlsWorkers;
    private final @Nullable TlsListener tls;
    private final TCPNIOTransport transport;
    private final StompContainer container;
    private final TCPNIOServerConnection webSocketListener;
    private final @Nullable TCPNIOServerConnection tcpListener;
    private final @Nullable AdminListener admin;
    private boolean closed;

    private FanfareServer(ServerOptions options) throws IOException {
        Optional<String> refusal = options.refusal().or(options::adminRefusal);
        if (refusal.isPresent()) {
            throw new IOException(refusal.get());
        }
        this.options = options;
        this.broker = new Broker(options.broker());
        this.admission = new Admission(options);
        this.container = new StompContainer(
                Set.of(options.path(), ServerOptions.ALIAS_PATH),
                options.broker().frameLimits().maxFrameBytes());
        this.executor = Executors.newFixedThreadPool(options.loops(), threads);
        if (options.tls().isOn()) {
            this.tlsWorkers = Executors.newFixedThreadPool(TLS_WORKERS, tlsThreads);
            this.tls = new TlsListener(
                    loops, new ServerTls(options.tls(), tlsWorkers), tlsWorkers, options.handshakeTimeout());
        } else {
            this.tlsWorkers = null;
            this.tls = null;
        }
        this.transport = newTransport();
        try {
            transport.start();
            webSocketListener = bind(options.port(), webSocketChain());
            tcpListener = options.tcpPort() == ServerOptions.OFF
                    ? null
                    : bind(options.tcpPort(), new TcpAcceptor(broker, loops, options.tcpTls() ? tls : null));
            admin = options.adminPort() == ServerOptions.OFF ? null : newAdminListener();
        } catch (IOException | RuntimeException e) {
            stop();
            throw e;
        }
    }

    /** A server with all defaults that is still to be started. */
    public static Builder builder() {
        return new Builder();
    }

    private TCPNIOTransport newTransport() {
        TCPNIOTransport built = TCPNIOTransportBuilder.newInstance()
                .setIOStrategy(new Acceptance(loops))
                .setSelectorRunnersCount(options.loops())
                .setReuseAddress(true)
                .setTcpNoDelay(true)
                .setKeepAlive(true)
                .build();
        built.setKernelThreadPool(executor);
        built.setWorkerThreadPoolConfig(null);
        built.setSelectorHandler(loops);
        return built;
    }

    private Processor<?> webSocketChain() {
        return FilterChainBuilder.stateless()
                .add(tls == null ? new TransportFilter() : new TlsFilter(loops, tls))
                .add(new StrictHttpFilter(options.maxRequestHeaderBytes()))
                .add(new HandshakeFilter(broker, loops, options, container))
                .build();
    }

    private TCPNIOServerConnection bind(int port, Processor<?> processor) throws IOException {
        try {
            return TCPNIOBindingHandler.builder(transport)
                    .processor(new Entrance(admission, loops, options, processor))
                    .build()
                    .bind(new InetSocketAddress(options.host(), port));
        } catch (IOException e) {
            throw new IOException("cannot listen on " + options.host() + ":" + port + ": " + e.getMessage(), e);
        }
    }

    private AdminListener newAdminListener() throws IOException {
        Health health = new Health(broker, loops::all, this::isAccepting, LOOP_PATIENCE);
        return new AdminListener(name + "-admin", options, health);
    }

    private boolean isAccepting() {
        return webSocketListener.isOpen() && (tcpListener == null || tcpListener.isOpen());
    }

    /** Where STOMP clients connect to, such as {@code ws://127.0.0.1:15674/ws}; {@code wss} with TLS. */
    public URI webSocketUri() {
        return URI.create((tls == null ? "ws://" : "wss://") + hostInUri() + ":" + webSocketPort() + options.path());
    }

    public int webSocketPort() {
        return portOf(webSocketListener);
    }

    /** The port of plain STOMP, or -1 when it is off. */
    public int tcpPort() {
        return tcpListener == null ? ServerOptions.OFF : portOf(tcpListener);
    }

    /** Where {@code /healthz} and {@code /readyz} are, such as {@code http://127.0.0.1:15672}; empty: off. */
    public Optional<URI> adminUri() {
        return Optional.ofNullable(admin).map(AdminListener::uri);
    }

    private static int portOf(TCPNIOServerConnection listener) {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    /** The host as clients name it: an address with colons stands in brackets. */
    private String hostInUri() {
        return options.host().contains(":") ? "[" + options.host() + "]" : options.host();
    }

    public ServerOptions options() {
        return options;
    }

    Admission admission() {
        return admission;
    }

    /** The broker inside, for publishing from this JVM and for its counts. */
    public Broker broker() {
        return broker;
    }

    /**
     * Empties the server before a restart: it stops being ready, refuses new connections and messages, and closes its
     * clients with code 1012, spread evenly over this time, behind what was on its way to them. Returns when the last
     * one has gone, at the latest {@link ServerOptions#closeTimeout} after the time. There is no way back; what is left
     * to do is {@link #close}.
     */
    public void drain(Duration over) {
        broker.drain(over);
        new DrainWatch(broker).await(over.plus(options.closeTimeout()));
    }

    /**
     * Drains the server if it has a {@link ServerOptions#drainTimeout}; then says goodbye to every client that is there
     * (close code 1001), and returns when the ports are free and no thread is left. A client that does not answer within
     * {@link ServerOptions#closeTimeout} is cut. Does nothing when closed already.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (!options.drainTimeout().isZero()) {
            broker.drain(options.drainTimeout());
            new DrainWatch(broker).await(options.drainTimeout());
        }
        // an interrupt would leave threads and ports behind; the caller gets it back at the end
        boolean interrupted = Thread.interrupted();
        try {
            transport.unbindAll();
            interrupted |= sayGoodbye();
            stop();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Tells whether the thread was interrupted while it waited. */
    private boolean sayGoodbye() {
        long deadline = System.nanoTime() + options.closeTimeout().toNanos();
        boolean interrupted = false;
        do {
            // again for those whose handshake was under way
            for (Session session : broker.sessions()) {
                session.loop().execute(() -> session.close(CloseCode.GOING_AWAY, "shutting down"));
            }
            broker.awaitNoSessions(GOODBYE_ROUND);
            interrupted |= Thread.interrupted();
        } while (broker.sessionCount() > 0 && System.nanoTime() < deadline);
        return interrupted;
    }

    private void stop() {
        try {
            transport.shutdownNow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            container.stop();
            executor.shutdownNow();
            if (admin != null) {
                admin.close();
            }
            if (tlsWorkers != null) {
                tlsWorkers.shutdownNow();
            }
            tlsThreads.awaitEnd();
            threads.awaitEnd();
        }
    }

    /** Collects options; each has its default until it is set. */
    public static final class Builder {

        private String host = "127.0.0.1";
        private int port = ServerOptions.DEFAULT_PORT;
        private String path = ServerOptions.DEFAULT_PATH;
        private int tcpPort = 0;
        private int loops = Runtime.getRuntime().availableProcessors();
        private Duration handshakeTimeout = Duration.ofSeconds(10);
        private Duration closeTimeout = Duration.ofSeconds(2);
        private Duration drainTimeout = Duration.ZERO;
        private int maxRequestHeaderBytes = 8 << 10;
        private String adminHost = "127.0.0.1";
        private int adminPort = ServerOptions.OFF;
        private boolean allowRemoteAdmin;
        private TlsOptions tls = TlsOptions.OFF;
        private boolean tcpTls = true;
        private OriginPolicy origins = OriginPolicy.SAME_ORIGIN;
        private boolean allowAnonymous;
        private int maxConnections = 50_000;
        private int maxConnectionsPerAddress = 0;
        private int maxPendingHandshakes = 10_000;
        private List<AddressRange> trustedProxies = List.of();
        private boolean proxyProtocol = false;
        private BrokerOptions brokerOptions = BrokerOptions.DEFAULT;

        private Builder() {}

        /** Address or name to bind to; by default the loopback interface only. */
        public Builder host(String name) {
            host = name;
            return this;
        }

        /** WebSocket port, 15674 by default; 0: any free one. */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /** Request path of the WebSocket endpoint, {@code /ws} by default. */
        public Builder path(String requestPath) {
            path = requestPath;
            return this;
        }

        /** Port of plain STOMP; 0, the default: any free one; -1: off. */
        public Builder tcpPort(int number) {
            tcpPort = number;
            return this;
        }

        /** Event loops, one for each processor by default. */
        public Builder loops(int count) {
            loops = count;
            return this;
        }

        public Builder handshakeTimeout(Duration timeout) {
            handshakeTimeout = timeout;
            return this;
        }

        /** How long {@link FanfareServer#close} waits for clients to answer, two seconds by default. */
        public Builder closeTimeout(Duration timeout) {
            closeTimeout = timeout;
            return this;
        }

        /**
         * Over how long {@link FanfareServer#close} spreads the goodbyes to its clients, so that they do not all come
         * back at once; zero, the default: all are closed at once.
         */
        public Builder drainTimeout(Duration timeout) {
            drainTimeout = timeout;
            return this;
        }

        public Builder maxRequestHeaderBytes(int bytes) {
            maxRequestHeaderBytes = bytes;
            return this;
        }

        /** Address or name that the admin listener binds to; by default the loopback interface. */
        public Builder adminHost(String name) {
            adminHost = name;
            return this;
        }

        /** Port of the health checks; 0: any free one; -1, the default: off. */
        public Builder adminPort(int number) {
            adminPort = number;
            return this;
        }

        /** Whether the admin listener, which has no login, may bind to another address than loopback. */
        public Builder allowRemoteAdmin(boolean allowed) {
            allowRemoteAdmin = allowed;
            return this;
        }

        /** Certificates for {@code wss}, and for TLS under plain STOMP; by default there is no TLS. */
        public Builder tls(TlsOptions options) {
            tls = options;
            return this;
        }

        /** Whether plain STOMP speaks TLS, too, when there are certificates; so by default. */
        public Builder tcpTls(boolean on) {
            tcpTls = on;
            return this;
        }

        public Builder origins(OriginPolicy policy) {
            origins = policy;
            return this;
        }

        /**
         * Lets everybody in without a login wherever the server listens; false by default, when {@link
         * Authenticator#ANONYMOUS} works on loopback addresses only.
         */
        public Builder allowAnonymous(boolean allowed) {
            allowAnonymous = allowed;
            return this;
        }

        /** Connections of all listeners together, 50,000 by default. */
        public Builder maxConnections(int connections) {
            maxConnections = connections;
            return this;
        }

        /** Connections of one client's address; 0, the default: no limit. */
        public Builder maxConnectionsPerAddress(int connections) {
            maxConnectionsPerAddress = connections;
            return this;
        }

        /** Sockets whose client is not in yet, 10,000 by default. */
        public Builder maxPendingHandshakes(int sockets) {
            maxPendingHandshakes = sockets;
            return this;
        }

        /** Proxies that may speak for another address; none by default. */
        public Builder trustedProxies(List<AddressRange> ranges) {
            trustedProxies = ranges;
            return this;
        }

        /** Whether connections of trusted proxies begin with a header of the PROXY protocol; not by default. */
        public Builder proxyProtocol(boolean spoken) {
            proxyProtocol = spoken;
            return this;
        }

        public Builder broker(BrokerOptions options) {
            brokerOptions = options;
            return this;
        }

        /** All that is set so far. */
        public ServerOptions options() {
            return new ServerOptions(
                    host,
                    port,
                    path,
                    tcpPort,
                    loops,
                    handshakeTimeout,
                    closeTimeout,
                    drainTimeout,
                    maxRequestHeaderBytes,
                    adminHost,
                    adminPort,
                    allowRemoteAdmin,
                    tls,
                    tcpTls,
                    origins,
                    allowAnonymous,
                    maxConnections,
                    maxConnectionsPerAddress,
                    maxPendingHandshakes,
                    trustedProxies,
                    proxyProtocol,
                    brokerOptions);
        }

        /**
         * Starts the server; returns when its ports accept.
         *
         * @throws UncheckedIOException when a port can't be had, a TLS file is no good, or a refusal of
         *     {@link ServerOptions} has an answer; its
         *     message is a sentence that says why
         */
        public FanfareServer start() {
            try {
                return new FanfareServer(options());
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }
    }
}
