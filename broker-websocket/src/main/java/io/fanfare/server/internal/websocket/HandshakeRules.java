package io.fanfare.server.internal.websocket;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.Method;
import org.glassfish.grizzly.http.Protocol;
import org.jspecify.annotations.Nullable;

/** Decides about a request before Tyrus sees it (RFC 6455 4.2.1). Knows no state; any thread may ask. */
final class HandshakeRules {

    private static final int KEY_BYTES = 16;

    private final EndpointSettings settings;

    HandshakeRules(EndpointSettings settings) {
        this.settings = settings;
    }

    /**
     * What becomes of a request.
     *
     * @param status 101 to go on, else the HTTP status of the refusal
     * @param reason its reason phrase
     * @param text a sentence for whoever made the request
     * @param headers further headers of the refusal
     */
    record Verdict(int status, String reason, String text, Map<String, String> headers) {

        static final Verdict UPGRADE = new Verdict(101, "Switching Protocols", "", Map.of());

        static Verdict badRequest(String text) {
            return new Verdict(400, "Bad Request", text, Map.of());
        }

        /**
         * Not now (RFC 9110 15.6.4).
         *
         * @param retryAfter when to ask again, in seconds
         */
        static Verdict unavailable(String text, int retryAfter) {
            return new Verdict(503, "Service Unavailable", text, Map.of("Retry-After", String.valueOf(retryAfter)));
        }

        boolean isUpgrade() {
            return status == 101;
        }
    }

    Verdict judge(HttpRequestPacket request) {
        if (!settings.paths().contains(request.getRequestURI())) {
            String endpoint = settings.paths().get(0);
            return new Verdict(404, "Not Found", "there is nothing here; the STOMP endpoint is " + endpoint, Map.of());
        }
        if (request.getMethod() != Method.GET || request.getProtocol() != Protocol.HTTP_1_1) {
            return Verdict.badRequest("a WebSocket handshake is a GET of HTTP/1.1");
        }
        if (hasBody(request)) {
            return Verdict.badRequest("a WebSocket handshake has no body");
        }
        if (!hasToken(request.getHeader("Upgrade"), "websocket")
                || !hasToken(request.getHeader("Connection"), "upgrade")) {
            return new Verdict(
                    426,
                    "Upgrade Required",
                    "this is a WebSocket endpoint for STOMP; connect with a STOMP client",
                    Map.of("Upgrade", "websocket"));
        }
        if (!"13".equals(request.getHeader("Sec-WebSocket-Version"))) {
            return new Verdict(
                    426, "Upgrade Required", "WebSocket version 13 is needed", Map.of("Sec-WebSocket-Version", "13"));
        }
        return judgeClient(request);
    }

    private Verdict judgeClient(HttpRequestPacket request) {
        if (!isKey(request.getHeader("Sec-WebSocket-Key"))) {
            return Verdict.badRequest("Sec-WebSocket-Key must be 16 bytes in base64");
        }
        String host = request.getHeader("Host");
        if (host == null) {
            return Verdict.badRequest("a Host header is needed");
        }
        if (!settings.origins().allows(request.getHeader("Origin"), host)) {
            return new Verdict(
                    403,
                    "Forbidden",
                    "pages of this origin may not connect; the operator can add it to the allowed origins",
                    Map.of());
        }
        List<String> lines = new ArrayList<>();
        request.getHeaders().values("Sec-WebSocket-Protocol").forEach(lines::add);
        List<String> offered = SubProtocols.split(lines);
        if (!offered.isEmpty() && SubProtocols.choose(offered).isEmpty()) {
            return Verdict.badRequest("none of the sub-protocols is known; offer one of " + SubProtocols.SUPPORTED);
        }
        return Verdict.UPGRADE;
    }

    /** Java's own client says {@code Content-Length: 0} in its handshake; that much is no body. */
    private static boolean hasBody(HttpRequestPacket request) {
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

    private static boolean hasToken(@Nullable String header, String token) {
        return header != null
                && Arrays.stream(header.split(","))
                        .anyMatch(part -> part.strip().equalsIgnoreCase(token));
    }

    private static boolean isKey(@Nullable String key) {
        try {
            return key != null && Base64.getDecoder().decode(key.strip()).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
