package io.fanfare.server;

import io.fanfare.broker.Authenticator;
import io.fanfare.broker.Broker;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.broker.Session;
import io.fanfare.frame.CloseCode;
import io.fanfare.server.net.EventLoops;
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
import java.util.concurrent.CopyOnWriteArrayList;
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
import org.glassfish.grizzly.strategies.SameThreadIOStrategy;
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

    private static final Duration THREAD_END = Duration.ofSeconds(10);

    /** Signatures of TLS handshakes take at most half of the processors. */
    private static final int TLS_WORKERS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private static final AtomicInteger SERVERS = new AtomicInteger();

    private final int number = SERVERS.incrementAndGet();
    private final ServerOptions options;
    private final Broker broker;
    private final EventLoops loops = new EventLoops();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final ExecutorService executor;
    private final @Nullable ExecutorService tlsWorkers;
    private final @Nullable TlsListener tls;
    private final TCPNIOTransport transport;
    private final StompContainer container;
    private final TCPNIOServerConnection webSocketListener;
    private final @Nullable TCPNIOServerConnection tcpListener;
    private boolean closed;

    private FanfareServer(ServerOptions options) throws IOException {
        Optional<String> refusal = options.refusal();
        if (refusal.isPresent()) {
            throw new IOException(refusal.get());
        }
        this.options = options;
        this.broker = new Broker(options.broker());
        this.container = new StompContainer(
                Set.of(options.path(), ServerOptions.ALIAS_PATH),
                options.broker().frameLimits().maxFrameBytes());
        this.executor = newExecutor("loop", options.loops());
        if (options.tls().isOn()) {
            this.tlsWorkers = newExecutor("tls", TLS_WORKERS);
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
        } catch (IOException | RuntimeException e) {
            stop();
            throw e;
        }
    }

    /** A server with all defaults that is still to be started. */
    public static Builder builder() {
        return new Builder();
    }

    private ExecutorService newExecutor(String kind, int count) {
        AtomicInteger started = new AtomicInteger();
        return Executors.newFixedThreadPool(count, task -> {
            Thread thread = new Thread(task, "fanfare-" + number + "-" + kind + "-" + started.incrementAndGet());
            thread.setDaemon(true);
            threads.add(thread);
            return thread;
        });
    }

    private TCPNIOTransport newTransport() {
        TCPNIOTransport built = TCPNIOTransportBuilder.newInstance()
                .setIOStrategy(SameThreadIOStrategy.getInstance())
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
                    .processor(processor)
                    .build()
                    .bind(new InetSocketAddress(options.host(), port));
        } catch (IOException e) {
            throw new IOException("cannot listen on " + options.host() + ":" + port + ": " + e.getMessage(), e);
        }
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

    /** The broker inside, for publishing from this JVM and for its counts. */
    public Broker broker() {
        return broker;
    }

    /**
     * Says goodbye to every client (close code 1001), and returns when the ports are free and no thread is left. A
     * client that does not answer within {@link ServerOptions#closeTimeout} is cut. Does nothing when closed already.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
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
            if (tlsWorkers != null) {
                tlsWorkers.shutdownNow();
            }
            awaitThreads();
        }
    }

    /** An executor has terminated a moment before its last thread has. */
    private void awaitThreads() {
        try {
            for (Thread thread : threads) {
                thread.join(THREAD_END.toMillis());
                if (thread.isAlive()) {
                    throw new IllegalStateException(thread.getName() + " did not end within " + THREAD_END);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
        private int maxRequestHeaderBytes = 8 << 10;
        private TlsOptions tls = TlsOptions.OFF;
        private boolean tcpTls = true;
        private OriginPolicy origins = OriginPolicy.SAME_ORIGIN;
        private boolean allowAnonymous;
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

        public Builder maxRequestHeaderBytes(int bytes) {
            maxRequestHeaderBytes = bytes;
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
                    maxRequestHeaderBytes,
                    tls,
                    tcpTls,
                    origins,
                    allowAnonymous,
                    brokerOptions);
        }

        /**
         * Starts the server; returns when its ports accept.
         *
         * @throws UncheckedIOException when a port can't be had, a TLS file is no good, or {@link ServerOptions#refusal} has an answer; its
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
