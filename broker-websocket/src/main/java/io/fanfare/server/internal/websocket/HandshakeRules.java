package io.fanfare.server.internal.websocket;

import io.fanfare.frame.SubProtocols;
import io.fanfare.server.internal.http.RequestAdmission;
import io.fanfare.statistics.Refusal;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.Method;
import org.glassfish.grizzly.http.Protocol;
import org.jspecify.annotations.Nullable;

/** Decides whether a request is upgraded, before Tyrus sees it (RFC 6455 4.2.1). Immutable; any thread may ask. */
final class HandshakeRules {

    private static final int KEY_BYTES = 16;

    private final EndpointSettings settings;
    private final RequestAdmission admission;

    HandshakeRules(EndpointSettings settings, RequestAdmission admission) {
        this.settings = settings;
        this.admission = admission;
    }

    /**
     * The decision about one request.
     *
     * @param status 101 for an upgrade, else the HTTP status of the refusal
     * @param reason its reason phrase
     * @param refusal what the refusal is counted as; null: it is none, or has been counted
     * @param text body of the refusal: a sentence for the client
     * @param headers further headers of the refusal
     */
    record Decision(int status, String reason, @Nullable Refusal refusal, String text, Map<String, String> headers) {

        static final Decision UPGRADE = new Decision(101, "Switching Protocols", null, "", Map.of());

        static Decision badRequest(String text) {
            return new Decision(400, "Bad Request", Refusal.BAD_REQUEST, text, Map.of());
        }

        /** Refuses for now (RFC 9110 15.6.4). */
        static Decision unavailable(RequestAdmission.Unavailable why) {
            return new Decision(
                    503,
                    "Service Unavailable",
                    why.refusal().orElse(null),
                    why.text(),
                    Map.of("Retry-After", String.valueOf(why.retryAfter())));
        }

        boolean isUpgrade() {
            return status == 101;
        }
    }

    Decision decide(HttpRequestPacket request) {
        if (settings.endpoint(request.getRequestURI()).isEmpty()) {
            String endpoint = settings.paths().get(0);
            return new Decision(
                    404,
                    "Not Found",
                    Refusal.NOT_FOUND,
                    "there is nothing here; the STOMP endpoint is " + endpoint,
                    Map.of());
        }
        if (request.getMethod() != Method.GET || request.getProtocol() != Protocol.HTTP_1_1) {
            return Decision.badRequest("a WebSocket handshake is a GET of HTTP/1.1");
        }
        if (RequestAdmission.hasBody(request)) {
            return Decision.badRequest("a WebSocket handshake has no body");
        }
        if (!hasToken(request, "Upgrade", "websocket") || !hasToken(request, "Connection", "upgrade")) {
            return new Decision(
                    426,
                    "Upgrade Required",
                    Refusal.NO_WEBSOCKET,
                    "this is a WebSocket endpoint for STOMP; connect with a STOMP client",
                    Map.of("Upgrade", "websocket"));
        }
        if (!"13".equals(request.getHeader("Sec-WebSocket-Version"))) {
            return new Decision(
                    426,
                    "Upgrade Required",
                    Refusal.NO_WEBSOCKET,
                    "WebSocket version 13 is needed",
                    Map.of("Sec-WebSocket-Version", "13"));
        }
        return decideClient(request);
    }

    private Decision decideClient(HttpRequestPacket request) {
        if (!isKey(request.getHeader("Sec-WebSocket-Key"))) {
            return Decision.badRequest("Sec-WebSocket-Key must be 16 bytes in base64");
        }
        if (request.getHeader("Host") == null) {
            return Decision.badRequest("a Host header is needed");
        }
        if (!admission.allowsPage(request)) {
            return new Decision(
                    403,
                    "Forbidden",
                    Refusal.ORIGIN,
                    "pages of this origin may not connect; the operator can add it to the allowed origins",
                    Map.of());
        }
        List<String> offered = SubProtocols.split(TyrusRequest.lines(request, "Sec-WebSocket-Protocol"));
        if (!offered.isEmpty() && SubProtocols.choose(offered).isEmpty()) {
            return new Decision(
                    400,
                    "Bad Request",
                    Refusal.SUB_PROTOCOL,
                    "none of the sub-protocols is known; offer one of " + SubProtocols.SUPPORTED,
                    Map.of());
        }
        return Decision.UPGRADE;
    }

    /** Whether a header's list, which may come on several lines (RFC 9110 5.3), contains a token. */
    private static boolean hasToken(HttpRequestPacket request, String header, String token) {
        return TyrusRequest.lines(request, header).stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
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
