package io.fanfare.server;

import io.fanfare.broker.Authenticator;
import io.fanfare.broker.BrokerOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
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
 * @param maxRequestHeaderBytes an HTTP request's headers
 * @param tls certificates for {@code wss}, or {@link TlsOptions#OFF}
 * @param tcpTls whether plain STOMP speaks TLS, too, when there are certificates
 * @param origins which web pages may connect
 * @param allowAnonymous whether {@link Authenticator#ANONYMOUS} may let people in on an address that is not loopback
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
        int maxRequestHeaderBytes,
        TlsOptions tls,
        boolean tcpTls,
        OriginPolicy origins,
        boolean allowAnonymous,
        BrokerOptions broker) {

    public static final int DEFAULT_PORT = 15674;
    public static final int DEFAULT_TCP_PORT = 61613;
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
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path must begin with /, not " + path);
        }
    }

    /** Why a server does not start with these options, in a sentence; empty when it does. Looks up the host's name. */
    public Optional<String> refusal() {
        if (tls.refusal().isPresent()) {
            return tls.refusal();
        }
        if (broker.authenticator() != Authenticator.ANONYMOUS || allowAnonymous || isLoopback()) {
            return Optional.empty();
        }
        return Optional.of("cannot listen on " + host + ", which is not a loopback address, while everybody is let in"
                + " without a login: set up authentication, or allow it with allow_anonymous: true");
    }

    /** A name that nobody knows counts as loopback: nobody can listen there. */
    private boolean isLoopback() {
        InetAddress address = new InetSocketAddress(host, port).getAddress();
        return address == null || address.isLoopbackAddress();
    }
}
