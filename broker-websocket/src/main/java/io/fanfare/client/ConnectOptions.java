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
 * What a client wants of its connection.
 *
 * @param more headers of CONNECT besides the ones the client writes itself
 * @param versions the ones it offers, highest first
 * @param timeout how long TCP, TLS, the WebSocket handshake and CONNECT may take together
 * @param tls whom to trust and what to show; null: as the JVM does
 */
record ConnectOptions(
        URI uri,
        String host,
        Headers more,
        HeartBeat heartBeat,
        List<StompVersion> versions,
        Duration timeout,
        @Nullable SSLContext tls,
        Consumer<StompException> onError,
        Runnable onClose) {

    ConnectOptions {
        versions =
                versions.stream().distinct().sorted(Comparator.reverseOrder()).toList();
    }

    /** CONNECT's headers; the ones the client must get right come first, because the first of a name counts. */
    Headers connectHeaders() {
        String accepted = versions.stream().sorted().map(StompVersion::toString).collect(Collectors.joining(","));
        return Headers.of("accept-version", accepted, "host", host, "heart-beat", heartBeat.toString())
                .with(more);
    }

    /** The WebSocket sub-protocols to offer, most wanted first. */
    List<String> subprotocols() {
        return versions.stream()
                .map(version -> "v" + version.toString().replace(".", "") + ".stomp")
                .toList();
    }
}
