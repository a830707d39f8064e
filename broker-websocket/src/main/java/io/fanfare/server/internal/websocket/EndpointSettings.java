package io.fanfare.server.internal.websocket;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the WebSocket endpoint.
 *
 * @param paths request paths of the endpoint; the answer to other paths names the first
 * @param origins decides which web pages may connect
 * @param trustedProxies addresses whose {@code X-Forwarded-For} counts
 * @param handshakeTimeout from the open socket to the upgraded connection
 */
public record EndpointSettings(
        List<String> paths, OriginCheck origins, Predicate<InetAddress> trustedProxies, Duration handshakeTimeout) {

    public EndpointSettings {
        paths = List.copyOf(paths);
    }

    /**
     * The endpoint's path that a request means: the same one, or with a slash or {@code /websocket} behind it, which users
     * of SockJS write to reach the WebSocket itself.
     */
    Optional<String> endpoint(String requestPath) {
        return paths.stream().filter(path -> means(requestPath, path)).findFirst();
    }

    private static boolean means(String requestPath, String path) {
        String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return requestPath.equals(base) || requestPath.equals(base + "/") || requestPath.equals(base + "/websocket");
    }

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
}
