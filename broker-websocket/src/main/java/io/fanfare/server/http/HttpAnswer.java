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

    public HttpAnswer {
        headers = Map.copyOf(headers);
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
