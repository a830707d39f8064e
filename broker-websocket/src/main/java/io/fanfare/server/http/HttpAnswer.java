package io.fanfare.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The answer to an HTTP request. The server adds {@code Content-Length}, {@code Cache-Control: no-store} unless another one
 * is given, {@code X-Content-Type-Options: nosniff} and {@code Connection: close}; to HEAD it sends no body.
 *
 * @param headers {@code Content-Type} among them
 * @param body not to be changed afterwards
 */
public record HttpAnswer(int status, Map<String, String> headers, byte[] body) {

    /** RFC 9110 15, RFC 4918 11.5 and RFC 6585. */
    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(200, "OK"),
            Map.entry(304, "Not Modified"),
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(406, "Not Acceptable"),
            Map.entry(409, "Conflict"),
            Map.entry(413, "Content Too Large"),
            Map.entry(415, "Unsupported Media Type"),
            Map.entry(421, "Misdirected Request"),
            Map.entry(422, "Unprocessable Content"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(507, "Insufficient Storage"));

    public HttpAnswer {
        headers = Map.copyOf(headers);
    }

    /** The phrase that stands behind a status in the status line, such as {@code Not Found}; {@code Error} for unusual ones. */
    public static String reason(int status) {
        return REASONS.getOrDefault(status, "Error");
    }

    /** A line of text. */
    public static HttpAnswer text(int status, String line) {
        return new HttpAnswer(
                status, Map.of("Content-Type", "text/plain;charset=utf-8"), (line + "\n").getBytes(UTF_8));
    }

    /** The same with a header more. */
    public HttpAnswer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpAnswer(status, more, body);
    }
}
