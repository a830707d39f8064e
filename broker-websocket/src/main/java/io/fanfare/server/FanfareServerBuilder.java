package io.fanfare.server;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.security.Authenticator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/** Collects the options of a {@link FanfareServer}; each has its default until it is set. */
public final class FanfareServerBuilder {

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

    FanfareServerBuilder() {}

    /** Address or name to bind to; by default the loopback interface only. */
    public FanfareServerBuilder host(String name) {
        host = name;
        return this;
    }

    /** WebSocket port, 15674 by default; 0: any free one. */
    public FanfareServerBuilder port(int number) {
        port = number;
        return this;
    }

    /** Request path of the WebSocket endpoint, {@code /ws} by default. */
    public FanfareServerBuilder path(String requestPath) {
        path = requestPath;
        return this;
    }

    /** Port of plain STOMP; 0, the default: any free one; -1: off. */
    public FanfareServerBuilder tcpPort(int number) {
        tcpPort = number;
        return this;
    }

    /** Event loops, one for each processor by default. */
    public FanfareServerBuilder loops(int count) {
        loops = count;
        return this;
    }

    public FanfareServerBuilder handshakeTimeout(Duration timeout) {
        handshakeTimeout = timeout;
        return this;
    }

    /** How long {@link FanfareServer#close} waits for clients to answer, two seconds by default. */
    public FanfareServerBuilder closeTimeout(Duration timeout) {
        closeTimeout = timeout;
        return this;
    }

    /**
     * Over how long {@link FanfareServer#close} spreads the goodbyes to its clients, so that they do not all come
     * back at once; zero, the default: all are closed at once.
     */
    public FanfareServerBuilder drainTimeout(Duration timeout) {
        drainTimeout = timeout;
        return this;
    }

    public FanfareServerBuilder maxRequestHeaderBytes(int bytes) {
        maxRequestHeaderBytes = bytes;
        return this;
    }

    /** Address or name that the admin listener binds to; by default the loopback interface. */
    public FanfareServerBuilder adminHost(String name) {
        adminHost = name;
        return this;
    }

    /** Port of the health checks; 0: any free one; -1, the default: off. */
    public FanfareServerBuilder adminPort(int number) {
        adminPort = number;
        return this;
    }

    /** Whether the admin listener, which has no login, may bind to another address than loopback. */
    public FanfareServerBuilder allowRemoteAdmin(boolean allowed) {
        allowRemoteAdmin = allowed;
        return this;
    }

    /** Certificates for {@code wss}, and for TLS under plain STOMP; by default there is no TLS. */
    public FanfareServerBuilder tls(TlsOptions options) {
        tls = options;
        return this;
    }

    /** Whether plain STOMP speaks TLS, too, when there are certificates; so by default. */
    public FanfareServerBuilder tcpTls(boolean on) {
        tcpTls = on;
        return this;
    }

    public FanfareServerBuilder origins(OriginPolicy policy) {
        origins = policy;
        return this;
    }

    /**
     * Lets everybody in without a login wherever the server listens; false by default, when {@link
     * Authenticator#ANONYMOUS} works on loopback addresses only.
     */
    public FanfareServerBuilder allowAnonymous(boolean allowed) {
        allowAnonymous = allowed;
        return this;
    }

    /** Connections of all listeners together, 50,000 by default. */
    public FanfareServerBuilder maxConnections(int connections) {
        maxConnections = connections;
        return this;
    }

    /** Connections of one client's address; 0, the default: no limit. */
    public FanfareServerBuilder maxConnectionsPerAddress(int connections) {
        maxConnectionsPerAddress = connections;
        return this;
    }

    /** Sockets whose client is not in yet, 10,000 by default. */
    public FanfareServerBuilder maxPendingHandshakes(int sockets) {
        maxPendingHandshakes = sockets;
        return this;
    }

    /** Proxies that may speak for another address; none by default. */
    public FanfareServerBuilder trustedProxies(List<AddressRange> ranges) {
        trustedProxies = ranges;
        return this;
    }

    /** Whether connections of trusted proxies begin with a header of the PROXY protocol; not by default. */
    public FanfareServerBuilder proxyProtocol(boolean spoken) {
        proxyProtocol = spoken;
        return this;
    }

    public FanfareServerBuilder broker(BrokerOptions options) {
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
     *     {@link ServerOptions} has an answer; its message is a sentence that says why
     */
    public FanfareServer start() {
        try {
            return new FanfareServer(options());
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
