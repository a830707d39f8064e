package io.fanfare.server.internal.websocket;

import java.util.List;
import java.util.Optional;

/**
 * Where the WebSocket endpoint is.
 *
 * @param paths request paths of the endpoint; the answer to other paths names the first
 */
public record EndpointSettings(List<String> paths) {

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
}
