package io.fanfare.server;

import io.fanfare.broker.Broker;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Framing;
import io.fanfare.security.Authenticator;
import io.fanfare.security.OriginPolicy;
import io.fanfare.server.internal.http.AdminListener;
import io.fanfare.server.internal.http.ClientHttpFilter;
import io.fanfare.server.internal.http.Health;
import io.fanfare.server.internal.http.RequestAdmission;
import io.fanfare.server.internal.http.RequestHeadFilter;
import io.fanfare.server.internal.http.StrictHttpFilter;
import io.fanfare.server.internal.net.Admission;
import io.fanfare.server.internal.net.BindFailure;
import io.fanfare.server.internal.net.ConnectionEntry;
import io.fanfare.server.internal.net.DeferredProtocol;
import io.fanfare.server.internal.net.EventLoops;
import io.fanfare.server.internal.net.ServerThreads;
import io.fanfare.server.internal.net.TlsFilter;
import io.fanfare.server.internal.net.TlsListener;
import io.fanfare.server.internal.sse.EventStreamFilter;
import io.fanfare.server.internal.tcp.TcpAcceptor;
import io.fanfare.server.internal.tls.ServerTls;
import io.fanfare.server.internal.websocket.EndpointSettings;
import io.fanfare.server.internal.websocket.HandshakeFilter;
import io.fanfare.server.internal.websocket.StompContainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.glassfish.grizzly.Processor;
import org.glassfish.grizzly.filterchain.FilterChainBuilder;
import org.glassfish.grizzly.filterchain.TransportFilter;
import org.glassfish.grizzly.nio.transport.TCPNIOBindingHandler;
import org.glassfish.grizzly.nio.transport.TCPNIOServerConnection;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;
import org.jspecify.annotations.Nullable;

/** The listeners of one server, with their transport and its threads. */
final class Listeners {

    /** How long a loop may be busy until the health check reports it as hung. */
    private static final Duration LOOP_TIMEOUT = Duration.ofSeconds(5);

    /** Signatures of TLS handshakes take at most half of the processors. */
    private static final int TLS_WORKERS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private static final int HTTP_WORKERS = 2;

    private final ServerOptions options;
    private final Broker broker;
    private final Admission admission;
    private final @Nullable HttpExtension extension;
    private final EventLoops loops;
    private final ServerTransport serverTransport;
    private final ServerThreads tlsThreads;
    private final ServerThreads httpThreads;
    private final @Nullable ExecutorService tlsWorkers;

    /** Answer requests on the clients' port; null: there are none. */
    private final @Nullable ExecutorService httpWorkers;

    private final @Nullable TlsListener tls;
    private final TCPNIOTransport transport;
    private final DeferredProtocol webSocket;

    // set once, by bind

    private @Nullable TCPNIOServerConnection webSocketListener;
    private @Nullable TCPNIOServerConnection tcpListener;

    /** Loops ask it, too. */
    private volatile @Nullable AdminListener admin;

    private Listeners(
            ServerTransport serverTransport, Broker broker, Admission admission, @Nullable HttpExtension extension)
            throws IOException {
        this.options = serverTransport.options();
        this.serverTransport = serverTransport;
        this.transport = serverTransport.grizzly();
        this.loops = serverTransport.loops();
        this.tlsThreads = new ServerThreads(serverTransport.name() + "-tls-");
        this.httpThreads = new ServerThreads(serverTransport.name() + "-http-");
        this.webSocket = new DeferredProtocol(serverTransport.startThreads(), this::webSocketChain);
        this.extension = extension;
        this.broker = broker;
        this.admission = admission;
        if (options.tls().isOn()) {
            this.tlsWorkers = Executors.newFixedThreadPool(TLS_WORKERS, tlsThreads);
            this.tls = new TlsListener(
                    loops,
                    new ServerTls(options.tls().paths(), options.tls().demands(), tlsWorkers),
                    tlsWorkers,
                    options.timeouts().handshakeTimeout());
        } else {
            this.tlsWorkers = null;
            this.tls = null;
        }
        this.httpWorkers =
                options.listen().httpPublish() ? Executors.newFixedThreadPool(HTTP_WORKERS, httpThreads) : null;
    }

    /**
     * Binds the ports and begins to accept.
     *
     * @throws IOException when a port cannot be bound, or a TLS file cannot be used; its message says which
     */
    static Listeners start(
            ServerTransport transport, Broker broker, Admission admission, @Nullable HttpExtension extension)
            throws IOException {
        Listeners listeners = new Listeners(transport, broker, admission, extension);
        try {
            listeners.bind();
        } catch (IOException | RuntimeException e) {
            listeners.stop();
            throw e;
        }
        return listeners;
    }

    private void bind() throws IOException {
        if (mayFail()) {
            webSocket.get();
        }
        transport.start();
        webSocketListener = bind(options.listen().port(), "listen.port", webSocket);
        if (options.listen().tcpPort() != ServerOptions.OFF) {
            TcpAcceptor acceptor = new TcpAcceptor(
                    broker::open,
                    loops,
                    options.tls().tcp() ? tls : null,
                    options.listen().trailingLf() ? Framing.TCP : Framing.TCP_WITHOUT_LF);
            tcpListener = bind(options.listen().tcpPort(), "listen.stomp_port", () -> acceptor);
        }
        if (options.admin().isOn()) {
            admin = newAdminListener();
        }
        webSocket.begin();
    }

    /** Whether the protocol of the WebSocket port has options that may be wrong: the start says so. */
    private boolean mayFail() {
        return options.listen().httpPublish() || !options.listen().path().equals(ServerOptions.DEFAULT_PATH);
    }

    private Processor<?> webSocketChain() {
        RequestAdmission requests = requestAdmission();
        FilterChainBuilder chain = FilterChainBuilder.stateless()
                .add(tls == null ? new TransportFilter() : new TlsFilter(loops, tls))
                .add(new RequestHeadFilter(options.limits().maxRequestHeaderBytes()))
                .add(new StrictHttpFilter(options.limits().maxRequestHeaderBytes(), "max_request_header_bytes"));
        if (extension != null && httpWorkers != null) {
            chain.add(new ClientHttpFilter(
                    extension.clientPath(), requests, extension.openForClients(broker, options), httpWorkers));
        }
        if (options.listen().sse()) {
            chain.add(new EventStreamFilter(ServerOptions.SSE_PATH, requests, broker::open));
        }
        EndpointSettings endpoint = endpoint();
        StompContainer container = StompContainer.create(endpoint.paths(), endpoint.maxFrameBytes());
        return chain.add(new HandshakeFilter(requests, broker::open, endpoint, container))
                .build();
    }

    private RequestAdmission requestAdmission() {
        RequestAdmission.Rules rules = new RequestAdmission.Rules(
                this::allowsPage,
                options.proxies()::trusts,
                options.timeouts().handshakeTimeout(),
                options.broker().auth().authenticator() != Authenticator.ANONYMOUS);
        return new RequestAdmission(loops, rules, broker::isDraining);
    }

    /** Whether a page may connect: one of the origins that may, or the admin listener's own, whatever these are. */
    private boolean allowsPage(@Nullable String origin, @Nullable String host) {
        AdminListener own = admin;
        return options.listen().origins().allows(origin, host)
                || (own != null
                        && origin != null
                        && own.isOriginOfItsPages(origin)
                        && OriginPolicy.SAME_ORIGIN.allows(origin, host));
    }

    private EndpointSettings endpoint() {
        return new EndpointSettings(
                List.of(options.listen().path(), ServerOptions.ALIAS_PATH),
                options.listen().compressionMinBytes(),
                options.broker().limits().frameLimits().maxFrameBytes());
    }

    private TCPNIOServerConnection bind(int port, String portKey, Supplier<? extends Processor<?>> protocol)
            throws IOException {
        String host = options.listen().host();
        ConnectionEntry entry = new ConnectionEntry(
                admission,
                loops,
                options.proxies()::sendsProxyHeader,
                options.timeouts().handshakeTimeout(),
                protocol);
        try {
            return TCPNIOBindingHandler.builder(transport)
                    .processor(entry)
                    .build()
                    .bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw BindFailure.explain(host, port, "listen.host", portKey, e);
        }
    }

    private AdminListener newAdminListener() throws IOException {
        Health health = new Health(broker, loops::all, this::areAccepting, LOOP_TIMEOUT);
        AdminOptions settings = options.admin();
        return new AdminListener(
                new AdminListener.Settings(
                        serverTransport.name() + "-admin",
                        settings.host(),
                        settings.port(),
                        settings.allowRemote(),
                        options.proxies()::trusts,
                        settings.tls() ? adminEngines() : null,
                        extension == null ? null : extension.open(broker, bound())),
                health);
    }

    /** The options with the ports that were bound. */
    private ServerOptions bound() {
        return options.withListen(options.listen().withPorts(webSocketPort(), tcpPort()));
    }

    /** Operators show tokens and passwords, and no certificates. */
    private Supplier<SSLEngine> adminEngines() throws IOException {
        // changed files are read by the listener's own thread
        ServerTls engines = new ServerTls(
                options.tls().paths(),
                options.tls().withClientAuth(TlsOptions.ClientAuth.NONE).demands(),
                Runnable::run);
        return () -> engines.get().join();
    }

    private boolean areAccepting() {
        return webSocketListener().isOpen() && (tcpListener == null || tcpListener.isOpen());
    }

    private TCPNIOServerConnection webSocketListener() {
        return Objects.requireNonNull(webSocketListener);
    }

    int webSocketPort() {
        return portOf(webSocketListener());
    }

    /** The port of plain STOMP; {@link ServerOptions#OFF} without. */
    int tcpPort() {
        return tcpListener == null ? ServerOptions.OFF : portOf(tcpListener);
    }

    private static int portOf(TCPNIOServerConnection listener) {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    /** Each of the loops in turn. */
    EventLoop nextLoop() {
        return loops.next();
    }

    Optional<URI> adminUri() {
        AdminListener own = admin;
        return own == null ? Optional.empty() : Optional.of(own.uri());
    }

    /** Stops accepting; established connections and the admin listener stay. */
    void unbind() {
        transport.unbindAll();
    }

    /** Closes the connections that are left; returns when every thread has ended. */
    void stop() {
        try {
            transport.shutdownNow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            serverTransport.endLoops();
            if (admin != null) {
                admin.close();
            }
            endThreads();
        }
    }

    /** The loops first: as long as they run they may have work for the others. */
    private void endThreads() {
        try {
            serverTransport.awaitEnd();
        } finally {
            if (tlsWorkers != null) {
                tlsWorkers.shutdownNow();
            }
            if (httpWorkers != null) {
                httpWorkers.shutdownNow();
            }
            tlsThreads.awaitEnd();
            httpThreads.awaitEnd();
        }
    }
}
