package io.fanfare.server.internal.websocket;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
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
