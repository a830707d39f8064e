package io.fanfare.server;

import io.fanfare.broker.BrokerOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

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
 * @param tls certificates for {@code wss}; null: no TLS
 * @param tcpTls whether plain STOMP speaks TLS, too, when there are certificates
 * @param origins which web pages may connect
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
        @Nullable TlsOptions tls,
        boolean tcpTls,
        OriginPolicy origins,
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
}
