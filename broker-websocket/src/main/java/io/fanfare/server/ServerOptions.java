package io.fanfare.server;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.security.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where a server listens, and what its broker allows.
 *
 * @param host address or name to bind to
 * @param port WebSocket port; 0: any free one
 * @param path request path of the WebSocket endpoint; {@code /stomp} always works beside it
 * @param tcpPort plain STOMP port; 0: any free one; -1: off
 * @param loops event loops; each has a thread
 * @param handshakeTimeout from the open socket to the upgraded connection
 * @param closeTimeout how long the end of the server waits for clients to answer its goodbye
 * @param drainTimeout how long the end of the server spreads its goodbyes; zero: not at all
 * @param maxRequestHeaderBytes an HTTP request's headers
 * @param adminHost address or name that the admin listener binds to
 * @param adminPort HTTP port for health checks; 0: any free one; -1: off
 * @param allowRemoteAdmin whether {@code adminHost} may be another than the loopback interface, and requests name any host
 * @param tls certificates for {@code wss}, or {@link TlsOptions#OFF}
 * @param tcpTls whether plain STOMP speaks TLS, too, when there are certificates
 * @param origins which web pages may connect
 * @param allowAnonymous whether {@link Authenticator#ANONYMOUS} may let people in on an address that is not loopback
 * @param maxConnections of all listeners together
 * @param maxConnectionsPerAddress connections of one client's address, or of one IPv6 network of 64 bits; 0: no limit
 * @param maxPendingHandshakes sockets whose client is not in yet; with more, the address that has most loses its oldest
 * @param trustedProxies proxies whose word about a client's address is taken: {@code X-Forwarded-For}, PROXY protocol
 * @param proxyProtocol whether connections of trusted proxies begin with a header of the PROXY protocol, version 1 or 2
 * @param broker limits and offers of the broker
 */
public record ServerOptions(
        String host,
        int port,
        String path,
        int tcpPort,
        int loops,
        Duration handshakeTimeout,
        Duration closeTimeout,
        Duration drainTimeout,
        int maxRequestHeaderBytes,
        String adminHost,
        int adminPort,
        boolean allowRemoteAdmin,
        TlsOptions tls,
        boolean tcpTls,
        OriginPolicy origins,
        boolean allowAnonymous,
        int maxConnections,
        int maxConnectionsPerAddress,
        int maxPendingHandshakes,
        List<AddressRange> trustedProxies,
        boolean proxyProtocol,
        BrokerOptions broker) {

    public static final int DEFAULT_PORT = 15674;
    public static final int DEFAULT_TCP_PORT = 61613;
    public static final int DEFAULT_ADMIN_PORT = 15672;
    public static final String DEFAULT_PATH = "/ws";

    /** The path that many clients' examples use. */
    public static final String ALIAS_PATH = "/stomp";

    /** No listener at all. */
    public static final int OFF = -1;

    private static final int MAX_PORT = 65535;

    public ServerOptions {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port must be 0 to " + MAX_PORT + ", not " + port);
        }
        if (tcpPort < OFF || tcpPort > MAX_PORT) {
            throw new IllegalArgumentException("STOMP port must be " + OFF + " to " + MAX_PORT + ", not " + tcpPort);
        }
        if (adminPort < OFF || adminPort > MAX_PORT) {
            throw new IllegalArgumentException("admin port must be " + OFF + " to " + MAX_PORT + ", not " + adminPort);
        }
        if (drainTimeout.isNegative()) {
            throw new IllegalArgumentException("drain timeout must be 0 or more, not " + drainTimeout);
        }
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path must begin with /, not " + path);
        }
        if (maxPendingHandshakes < 1) {
            throw new IllegalArgumentException("somebody must be able to come in: " + maxPendingHandshakes);
        }
        trustedProxies = List.copyOf(trustedProxies);
    }

    /** Whether what comes from there may speak for another address. */
    public boolean isTrustedProxy(InetAddress address) {
        return trustedProxies.stream().anyMatch(range -> range.contains(address));
    }

    /** Why a server does not start with these options, in a sentence; empty when it does. Looks up the host's name. */
    public Optional<String> refusal() {
        if (tls.refusal().isPresent()) {
            return tls.refusal();
        }
        if (broker.auth().authenticator() != Authenticator.ANONYMOUS || allowAnonymous || isLoopback(host)) {
            return Optional.empty();
        }
        return Optional.of("cannot listen on " + host + ", which is not a loopback address, while everybody is let in"
                + " without a login: set up authentication, or allow it with allow_anonymous: true");
    }

    /** The same for the admin listener. */
    public Optional<String> adminRefusal() {
        if (adminPort == OFF || allowRemoteAdmin || isLoopback(adminHost)) {
            return Optional.empty();
        }
        return Optional.of(
                "cannot listen on " + adminHost + ", which is not a loopback address, as the admin listener has no"
                        + " login; where the network keeps strangers out, allow it with allow_remote: true");
    }

    /** A name that nobody knows counts as loopback: nobody can listen there. */
    private static boolean isLoopback(String name) {
        InetAddress address = new InetSocketAddress(name, 0).getAddress();
        return address == null || address.isLoopbackAddress();
    }
}
