package io.fanfare.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.RawTcp;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A client of an event stream that is nothing but a socket, and reads event by event (HTML Standard 9.2.6). */
final class EventStream {

    private final RawTcp tcp;
    private final String status;
    private final Map<String, String> headers = new LinkedHashMap<>();

    private EventStream(RawTcp tcp) {
        this.tcp = tcp;
        this.status = line();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
    }

    /** Sends a GET, and reads the head of the answer. */
    static EventStream get(RawTcp tcp, String pathAndQuery, String... requestLines) {
        return request(tcp, "GET " + pathAndQuery + " HTTP/1.1", requestLines);
    }

    static EventStream request(RawTcp tcp, String requestLine, String... requestLines) {
        StringBuilder head = new StringBuilder(requestLine).append("\r\nHost: h\r\n");
        List.of(requestLines).forEach(line -> head.append(line).append("\r\n"));
        tcp.sends(head.append("\r\n").toString().getBytes(UTF_8));
        return new EventStream(tcp);
    }

    private String line() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = tcp.read(); b != '\n'; b = tcp.read()) {
            line.write(b);
        }
        String text = line.toString(UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    String status() {
        return status;
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** The stream has begun. */
    EventStream begins() {
        assertThat(status).as("%s", headers).isEqualTo("HTTP/1.1 200 OK");
        assertThat(header("content-type")).isEqualTo("text/event-stream");
        assertThat(next()).matches("retry: [1-5]\\d\\d\\d");
        return this;
    }

    /** As {@link #next()}, an id alone too; it must begin so. */
    String next(String begin) {
        String block = block();
        assertThat(block).startsWith(begin);
        return block;
    }

    /** The lines up to the next empty one: a field, several of an event, or a comment; but for an id alone. */
    String next() {
        String block = block();
        return block.startsWith("id: ") ? block() : block;
    }

    private String block() {
        StringBuilder block = new StringBuilder(line());
        for (String line = line(); !line.isEmpty(); line = line()) {
            block.append('\n').append(line);
        }
        return block.toString();
    }

    /** The next event is a message with this destination and body; returned as its lines. */
    String gotMessage(String destination, String body) {
        String event = next();
        assertThat(event)
                .startsWith("data: {\"headers\":{")
                .contains("},\"destination\":\"" + destination + "\",\"body\":\"" + body + "\"}\nid: ");
        return event;
    }

    /** The request is refused with this status and a sentence that holds all these; then comes the end. */
    void refused(int code, String... inDetail) {
        assertThat(status).as("%s", headers).startsWith("HTTP/1.1 " + code + " ");
        assertThat(header("content-type")).isEqualTo("application/problem+json");
        String body = new String(tcp.read(Integer.parseInt(header("content-length"))), UTF_8);
        assertThat(body).matches("\\{\"title\":\"[^\"]+\",\"status\":" + code + ",\"detail\":\".+\"}");
        assertThat(body).contains(inDetail);
        tcp.ended();
    }

    void ended() {
        tcp.ended();
    }
}
