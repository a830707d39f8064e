package io.fanfare.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfare.testing.Await;
import io.fanfare.testing.StompSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /metrics} and the last hour, as the admin listener serves them, and what the broker publishes of itself. */
class FiguresIT {

    private static ApiServer.Answer metrics(ApiServer server, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/metrics"));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return server.answer(request.timeout(Await.DEADLINE).build());
    }

    @Test
    void prometheusReadsTheCountersOfTheTraffic() {
        try (ApiServer server = new ApiServer()) {
            StompSocket client = server.connect();
            client.sends("SEND\ndestination:/queue/a\nreceipt:r\n\nhi^@").next();
            ApiServer.Answer answer = metrics(server, "Accept", "text/plain;version=0.0.4;q=0.5,*/*;q=0.1");
            assertThat(answer.status()).isEqualTo(200);
            // blanks between parameters are optional (RFC 9110 5.6.6)
            assertThat(answer.header("Content-Type").replace(" ", ""))
                    .isEqualTo("text/plain;version=0.0.4;charset=utf-8");
            assertThat(new String(answer.response().body(), UTF_8))
                    .contains(
                            "# TYPE fanfare_messages_published_total counter",
                            "fanfare_messages_published_total{to=\"queue\"} 1.0",
                            "fanfare_queue_messages_ready{queue=\"/queue/a\"} 1.0",
                            "fanfare_connections 1.0",
                            "fanfare_publish_to_write_seconds_bucket{le=\"+Inf\"}");
        }
    }

    @Test
    void whereOperatorsHaveTokensPrometheusNeedsOne(@TempDir Path folder) throws Exception {
        Path tokens = Files.writeString(folder.resolve("tokens"), "correct-horse-battery\n");
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
        try (ApiServer server = new ApiServer(options -> options.admin(a -> a.tokensFile(Optional.of(tokens))))) {
            assertThat(metrics(server).status()).isEqualTo(401);
            assertThat(metrics(server, "Authorization", "Bearer correct-horse-battery")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void theHistoryGrowsByItselfAndIsPublishedToOperators() throws Exception {
        try (ApiServer server = new ApiServer()) {
            StompSocket client = server.connect();
            client.sends("SUBSCRIBE\nid:0\ndestination:/stats/overview\n\n^@");
            JsonNode live = new ObjectMapper().readTree(client.next().body());
            assertThat(live.get("connections").asInt()).isEqualTo(1);
            JsonNode history = server.get("/history").json();
            assertThat(history.get("times")).isNotEmpty();
            assertThat(history.get("series").get("connections")).hasSameSizeAs(history.get("times"));
            assertThat(history.get("times"))
                    .anyMatch(time -> time.asLong() == live.get("time").asLong());
        }
    }

    @Test
    void aClosedServerLeavesNoMonitorBehind() {
        new ApiServer().close();
        Await.until(
                "the monitor's end",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("fanfare-monitor")));
    }
}
