package io.fanfare.examples.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import io.fanfare.examples.web.Route.Answer;
import io.fanfare.examples.web.Route.Request;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A route's side of HTTP: JSON is posted by a page of this server, and by no other page that the browser shows. */
final class PostedJson {

    private static final Logger LOG = LoggerFactory.getLogger(PostedJson.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BODY_BYTES = 16 << 10;

    private final Route route;
    private final Set<String> hosts;

    PostedJson(Route route, URI server) {
        this.route = route;
        this.hosts = Set.of("localhost:" + server.getPort(), "127.0.0.1:" + server.getPort());
    }

    void handle(HttpExchange exchange) throws IOException {
        Answer answer;
        try {
            answer = answer(exchange);
        } catch (RuntimeException e) {
            LOG.warn("{} failed", exchange.getRequestURI(), e);
            answer = Answer.refused(500, "The example has failed; its log says why.");
        }
        byte[] body = PageServer.json(answer.json());
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        if (answer.setCookie() != null) {
            exchange.getResponseHeaders().set("Set-Cookie", answer.setCookie());
        }
        exchange.sendResponseHeaders(answer.status(), body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().set("Allow", "POST");
            return Answer.refused(405, "This takes a POST.");
        }
        // a name that an attacker has made to mean 127.0.0.1 is another host
        String host = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Host"), "");
        if (!hosts.contains(host)) {
            return Answer.refused(421, "This server answers as localhost.");
        }
        String origin = exchange.getRequestHeaders().getFirst("Origin");
        if (origin != null && !origin.equals("http://" + host)) {
            return Answer.refused(403, "Pages of other servers may not ask this one.");
        }
        // pages of other servers can't send this type without asking
        String type = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Content-Type"), "");
        if (!type.equals("application/json")) {
            return Answer.refused(415, "The body must be application/json.");
        }
        byte[] bytes = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (bytes.length > MAX_BODY_BYTES) {
            return Answer.refused(413, "The body has more than " + MAX_BODY_BYTES + " bytes.");
        }
        return route.answer(new Request(read(bytes), cookies(exchange)));
    }

    private static JsonNode read(byte[] body) throws IOException {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            // no member has a value
            return JSON.nullNode();
        }
    }

    /** RFC 6265, 4.2: pairs, with a semicolon and a blank between. */
    private static Map<String, String> cookies(HttpExchange exchange) {
        Map<String, String> cookies = new HashMap<>();
        for (String line : exchange.getRequestHeaders().getOrDefault("Cookie", List.of())) {
            for (String pair : line.split("; *", -1)) {
                String[] parts = pair.split("=", 2);
                if (parts.length == 2) {
                    cookies.putIfAbsent(parts[0].strip(), parts[1]);
                }
            }
        }
        return cookies;
    }
}
