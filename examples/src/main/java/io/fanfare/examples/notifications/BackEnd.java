package io.fanfare.examples.notifications;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfare.examples.login.TokenIssuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The part of an application that has something to tell its users: pushes notifications through the broker's HTTP API, with a
 * token of its own, as a program in any language would. Any thread may call.
 */
final class BackEnd {

    /** The role that may push. */
    static final String ROLE = "back-end";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /**
     * What a user is told.
     *
     * @param from the sender's name, as the user sees it
     */
    record Notification(String from, String title, String text) {}

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final URI publish;
    private final TokenIssuer tokens;

    /**
     * A back end of a broker.
     *
     * @param webSocketPort of the broker, which takes HTTP requests there, too
     */
    BackEnd(int webSocketPort, TokenIssuer tokens) {
        this.publish = URI.create("http://127.0.0.1:" + webSocketPort + "/api/v1/publish");
        this.tokens = tokens;
    }

    /**
     * Pushes a notification to all browsers of a user, present or away.
     *
     * @return how many durable subscriptions it has gone to
     * @throws UncheckedIOException when the broker has not taken it
     */
    int push(String user, Notification notification) {
        String id = UUID.randomUUID().toString();
        Map<String, Object> message = Map.of(
                "destination", "/user/" + user + "/queue/notifications",
                "json",
                        Map.of(
                                "id", id,
                                "from", notification.from(),
                                "title", notification.title(),
                                "text", notification.text()),
                // a repeat after a lost answer goes nowhere
                "headers", Map.of("dedup-id", id));
        try {
            HttpRequest request = HttpRequest.newBuilder(publish)
                    .timeout(TIMEOUT)
                    .header("Content-Type", "application/json")
                    .header(
                            "Authorization",
                            "Bearer " + tokens.issue("shop", Set.of(ROLE)).value())
                    .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(message)))
                    .build();
            return matched(http.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException("not pushed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException("not pushed", new IOException("interrupted", e));
        }
    }

    private static int matched(HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() != 200) {
            throw new IOException("status " + answer.statusCode() + ": " + answer.body());
        }
        try {
            JsonNode outcome = JSON.readTree(answer.body());
            return outcome.path("matched").asInt();
        } catch (JsonProcessingException e) {
            throw new IOException("no JSON: " + answer.body(), e);
        }
    }
}
