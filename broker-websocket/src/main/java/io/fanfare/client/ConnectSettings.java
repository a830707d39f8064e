package io.fanfare.client;

import io.fanfare.frame.Headers;
import io.fanfare.frame.HeartBeat;
import io.fanfare.frame.StompVersion;
import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Options of one connection.
 *
 * @param host CONNECT's {@code host}
 * @param more headers of CONNECT besides the ones the client writes itself
 * @param versions the versions to offer, highest first
 * @param timeout how long TCP, TLS, the WebSocket handshake and CONNECT may take together
 * @param tls trusted authorities and own certificate; null: the JVM's
 */
record ConnectSettings(
        URI uri,
        String host,
        Headers more,
        HeartBeat heartBeat,
        List<StompVersion> versions,
        Duration timeout,
        @Nullable SSLContext tls,
        Consumer<StompException> onError,
        Runnable onClose) {

    ConnectSettings {
        versions =
                versions.stream().distinct().sorted(Comparator.reverseOrder()).toList();
    }

    /**
     * The URI.
     *
     * @throws IllegalArgumentException when it is not a WebSocket's
     */
    static URI checked(URI uri) {
        boolean isWebSocket = "ws".equalsIgnoreCase(uri.getScheme()) || "wss".equalsIgnoreCase(uri.getScheme());
        if (isWebSocket && uri.getHost() == null && uri.getRawAuthority() != null) {
            // java.net.http cannot be given such a host in any way
            throw new IllegalArgumentException("Java connects to no host named " + uri.getRawAuthority()
                    + " (letters, digits, - and . only): use its IP address, or another name for it");
        }
        if (!isWebSocket || uri.getHost() == null) {
            throw new IllegalArgumentException("a broker's URI is ws://HOST/PATH or wss://HOST/PATH, not " + uri);
        }
        return uri;
    }

    /** CONNECT's headers; the client's own come first, because the first of a name counts (STOMP 1.2, Repeated Header Entries). */
    Headers connectHeaders() {
        String accepted = versions.stream().sorted().map(StompVersion::toString).collect(Collectors.joining(","));
        return Headers.of("accept-version", accepted, "host", host, "heart-beat", heartBeat.toString())
                .with(more);
    }

    /** The WebSocket sub-protocols to offer, in order of preference. */
    List<String> subprotocols() {
        return versions.stream()
                .map(version -> "v" + version.toString().replace(".", "") + ".stomp")
                .toList();
    }
}
