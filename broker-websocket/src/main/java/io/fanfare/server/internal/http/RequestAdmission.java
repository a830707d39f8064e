package io.fanfare.server.internal.http;

import io.fanfare.server.internal.net.AcceptedSocket;
import io.fanfare.server.internal.net.ClientTime;
import io.fanfare.server.internal.net.EventLoops;
import io.fanfare.statistics.Refusal;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpServerFilter;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.jspecify.annotations.Nullable;

/**
 * Checks between an HTTP request on the clients' port and a session, whatever the client speaks then: the deadline, the
 * address behind proxies, the limits of connections, and credentials. Called on the connection's loop.
 */
public final class RequestAdmission {

    /** The longest Retry-After of a refusal; each client gets a random one, so that not all come back at once. */
    private static final int MAX_RETRY_SECONDS = 5;

    private static final Attribute<ClientTime> TIME =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute(RequestAdmission.class.getName() + ".time");

    /** What Grizzly's HTTP codec keeps of a request: three quarters of an idle connection's memory. */
    private static final List<String> HTTP_ATTRIBUTES =
            List.of(HttpServerFilter.HTTP_SERVER_REQUEST_ATTR_NAME, "HttpServerFilter.KeepAliveContext");

    private final EventLoops loops;
    private final Rules rules;
    private final BooleanSupplier draining;

    /** Decides whether a web page may connect, by the {@code Origin} that browsers send (RFC 6455 10.2). */
    @FunctionalInterface
    public interface OriginCheck {

        /**
         * Whether the page may connect.
         *
         * @param origin the request's {@code Origin}; null when it has none
         * @param host the request's {@code Host}
         */
        boolean allows(@Nullable String origin, @Nullable String host);
    }

    /**
     * Rules of one listener.
     *
     * @param trustedProxies addresses whose {@code X-Forwarded-For} counts
     * @param timeout from the open socket to the session, without the server's own part
     * @param hasAuthenticator whether headers of the request are kept for it
     */
    public record Rules(
            OriginCheck origins, Predicate<InetAddress> trustedProxies, Duration timeout, boolean hasAuthenticator) {}

    /**
     * Of one listener.
     *
     * @param draining whether no client is let in any more
     */
    public RequestAdmission(EventLoops loops, Rules rules, BooleanSupplier draining) {
        this.loops = loops;
        this.rules = rules;
        this.draining = draining;
    }

    public EventLoops loops() {
        return loops;
    }

    /** The socket is open: its request must come in time. */
    public void opened(TCPNIOConnection connection) {
        TIME.set(connection, ClientTime.begin(loops.of(connection), rules.timeout(), () -> takesTooLong(connection)));
    }

    /** What is left of the time for the request of an open socket. */
    ClientTime time(TCPNIOConnection connection) {
        return TIME.get(connection);
    }

    private static void takesTooLong(TCPNIOConnection connection) {
        AcceptedSocket.of(connection).refused(Refusal.TIMEOUT, "no whole request within handshake_timeout");
        connection.terminateSilently();
    }

    /** The socket has been closed, or its client is in. */
    public void endDeadline(TCPNIOConnection connection) {
        ClientTime time = TIME.remove(connection);
        if (time != null) {
            loops.of(connection).runOrExecute(time::end);
        }
    }

    /** Whether the page that sends a request may connect. */
    public boolean allowsPage(HttpRequestPacket request) {
        return rules.origins().allows(request.getHeader("Origin"), request.getHeader("Host"));
    }

    /**
     * Why a socket does not become a connection.
     *
     * @param refusal what it is counted as; empty: it has been counted
     * @param text a sentence for the client
     * @param retryAfter when the client may try again, in seconds
     */
    public record Unavailable(Optional<Refusal> refusal, String text, int retryAfter) {}

    /** Makes a socket whose request is in order a connection; otherwise returns the reason why not. */
    public Optional<Unavailable> admit(TCPNIOConnection connection, HttpRequestPacket request) {
        if (draining.getAsBoolean()) {
            return Optional.of(unavailable(
                    Optional.of(Refusal.DRAINING), "the broker is about to restart; connect again in a few seconds"));
        }
        AcceptedSocket socket = AcceptedSocket.of(connection);
        socket.proxiedFor(
                ForwardedFor.client(
                        socket.client(), request.getHeaders().values("X-Forwarded-For"), rules.trustedProxies()),
                0);
        return socket.admit().map(why -> unavailable(Optional.empty(), why));
    }

    private static Unavailable unavailable(Optional<Refusal> refusal, String text) {
        return new Unavailable(refusal, text, retryAfter());
    }

    /** Seconds until a client that is refused for now may try again. */
    public static int retryAfter() {
        return ThreadLocalRandom.current().nextInt(1, MAX_RETRY_SECONDS + 1);
    }

    /** The connection is no HTTP any more: its deadline ends, and what the codec keeps of the request goes. */
    public void taken(TCPNIOConnection connection) {
        endDeadline(connection);
        HTTP_ATTRIBUTES.forEach(connection.getAttributes()::removeAttribute);
    }

    /** Headers of the request that an authenticator may ask for; none without an authenticator. */
    public Map<String, String> credentials(HttpRequestPacket request) {
        if (!rules.hasAuthenticator()) {
            return Map.of();
        }
        Map<String, String> found = new HashMap<>();
        keep(request, "authorization", ", ", found);
        keep(request, "cookie", "; ", found);
        return found;
    }

    private static void keep(HttpRequestPacket request, String name, String separator, Map<String, String> found) {
        for (String value : request.getHeaders().values(name)) {
            found.merge(name, value.strip(), (before, next) -> before + separator + next);
        }
    }

    /** Whether a request has a body; a {@code Content-Length: 0}, which Java's own client sends, is none. */
    public static boolean hasBody(HttpRequestPacket request) {
        if (request.getHeader("Transfer-Encoding") != null) {
            return true;
        }
        for (String length : request.getHeaders().values("Content-Length")) {
            if (!length.strip().equals("0")) {
                return true;
            }
        }
        return false;
    }
}
