package io.fanfare.server.internal.websocket;

import io.fanfare.compression.Compression;
import java.util.List;
import java.util.Optional;

/**
 * Settings of the WebSocket endpoint: where it is, and what it agrees to.
 *
 * @param paths request paths of the endpoint; the answer to other paths names the first
 * @param compressionMinBytes messages of fewer octets are not compressed; negative: none is
 * @param maxFrameBytes the largest WebSocket payload
 */
public record EndpointSettings(List<String> paths, int compressionMinBytes, int maxFrameBytes) {

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

    /** The answer to a client's offers of compression, if one can be accepted. */
    Optional<CompressionOffers.Agreement> agree(List<String> offers) {
        return compressionMinBytes < 0 ? Optional.empty() : CompressionOffers.accept(offers);
    }

    Compression compression(Optional<CompressionOffers.Agreement> agreement) {
        return agreement
                .map(agreed -> new Compression(agreed.windowBits(), compressionMinBytes))
                .orElse(Compression.NONE);
    }
}
