package io.fanfare.server;

import io.fanfare.broker.BrokerOptions;
import java.time.Duration;

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
 * @param adminAccess whether {@code adminHost} may be another than the loopback interface
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
        Duration drainTimeout,
        int maxRequestHeaderBytes,
        String adminHost,
        int adminPort,
        AdminAccess adminAccess,
        OriginPolicy origins,
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
    }
}
