package io.fanfare.server;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.security.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Options of a {@link FanfareServer}, in groups.
 *
 * @param listen where clients connect
 * @param tls certificates for TLS, or {@link TlsOptions#OFF}
 * @param proxies proxies in front of the server
 * @param limits limits of all connections together
 * @param timeouts time limits of opening and shutting down
 * @param admin the admin listener
 * @param allowAnonymous whether {@link Authenticator#ANONYMOUS} may be used on an address that is not loopback
 * @param broker the broker's own options
 */
public record ServerOptions(
        ListenOptions listen,
        TlsOptions tls,
        ProxyOptions proxies,
        ServerLimits limits,
        ServerTimeouts timeouts,
        AdminOptions admin,
        boolean allowAnonymous,
        BrokerOptions broker) {

    public static final int DEFAULT_PORT = 15674;
    public static final int DEFAULT_TCP_PORT = 61613;
    public static final int DEFAULT_ADMIN_PORT = 15672;
    public static final String DEFAULT_PATH = "/ws";

    /** Request path of event streams, see {@link ListenOptions#sse}. */
    public static final String SSE_PATH = "/sse";

    /** The path in many clients' examples, which works beside the configured one. */
    public static final String ALIAS_PATH = "/stomp";

    /** The port of a listener that is off. */
    public static final int OFF = -1;

    ServerOptions withListen(ListenOptions other) {
        return new ServerOptions(other, tls, proxies, limits, timeouts, admin, allowAnonymous, broker);
    }

    /** Why a server does not start with these options, in a sentence; empty when it does. Looks up the host's name. */
    public Optional<String> refusal() {
        if (tls.refusal().isPresent()) {
            return tls.refusal();
        }
        if (broker.auth().authenticator() != Authenticator.ANONYMOUS || allowAnonymous || isLoopback(listen.host())) {
            return Optional.empty();
        }
        return Optional.of("cannot listen on " + listen.host() + ", which is not a loopback address, while every client"
                + " is accepted without a login: set up authentication, or allow it with allow_anonymous: true");
    }

    /** A name that cannot be resolved counts as loopback: no listener can bind to it. */
    static boolean isLoopback(String name) {
        InetAddress address = new InetSocketAddress(name, 0).getAddress();
        return address == null || address.isLoopbackAddress();
    }
}
