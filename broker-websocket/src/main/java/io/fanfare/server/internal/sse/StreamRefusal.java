package io.fanfare.server.internal.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.JsonString;
import io.fanfare.server.http.HttpAnswer;
import io.fanfare.server.internal.http.RequestAdmission;
import io.fanfare.statistics.Refusal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** An event stream that does not begin: an HTTP status, and a sentence as problem+json (RFC 9457). */
final class StreamRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    static final String CONTENT_TYPE = "application/problem+json";

    private final int status;
    private final transient Optional<Refusal> counted;
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    /**
     * A refusal.
     *
     * @param counted what it is counted as; empty: it has been counted, or is a session's
     * @param detail a sentence for the client
     */
    StreamRefusal(int status, Optional<Refusal> counted, String detail) {
        // bad input is not our failure: no stack trace is worth its cost
        super(detail, null, false, false);
        this.status = status;
        this.counted = counted;
    }

    static StreamRefusal badRequest(String detail) {
        return new StreamRefusal(400, Optional.of(Refusal.BAD_REQUEST), detail);
    }

    static StreamRefusal of(RequestAdmission.Unavailable why) {
        return new StreamRefusal(503, why.refusal(), why.text())
                .header("Retry-After", String.valueOf(why.retryAfter()));
    }

    /** The refusal that the end of a session comes to, when its stream has not begun. */
    static StreamRefusal of(CloseCode code, String summary, String detail) {
        int status = status(code, summary);
        StreamRefusal refusal = new StreamRefusal(status, Optional.empty(), detail);
        return switch (status) {
            // no Basic: browsers would ask the reader of the page for a password
            case 401 -> refusal.header("WWW-Authenticate", "Bearer");
            case 429, 503 -> refusal.header("Retry-After", String.valueOf(RequestAdmission.retryAfter()));
            default -> refusal;
        };
    }

    private static int status(CloseCode code, String summary) {
        return switch (code) {
            case POLICY -> summary.equals("authentication failed") ? 401 : 403;
            case TOKEN_EXPIRED -> 401;
            case CLOSED_BY_OPERATOR -> 403;
            case TOO_BIG -> 413;
            case RATE_LIMIT -> 429;
            case OVERLOAD, RESTARTING, GOING_AWAY -> 503;
            case INTERNAL_ERROR -> 500;
            case NORMAL, PROTOCOL_ERROR, INVALID_DATA, HEART_BEAT_MISSED -> 422;
        };
    }

    StreamRefusal header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    int status() {
        return status;
    }

    String reason() {
        return HttpAnswer.reason(status);
    }

    Optional<Refusal> counted() {
        return counted;
    }

    Map<String, String> headers() {
        return headers;
    }

    /** The object of the answer. */
    byte[] body() {
        String json = "{\"title\":" + JsonString.of(reason()) + ",\"status\":" + status + ",\"detail\":"
                + JsonString.of(String.valueOf(getMessage())) + "}";
        return json.getBytes(UTF_8);
    }
}
