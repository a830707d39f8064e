package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.StompSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;

/** Runs the jar: the log of serve as text and as JSON, and levels that change while it runs. */
class LogIT {

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }

    private static void visit(int port, String user) {
        try (StompSocket client = StompSocket.over(RawTcp.connect(port))) {
            client.sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:" + user + "\n\n^@")
                    .got("CONNECTED\nversion:1.2\n\n^@")
                    .sends("SEND\ndestination:/nowhere\n\n^@")
                    .next();
        }
    }

    @Test
    void jsonHasAnObjectALineWithConnectionUserAndReason() {
        try (Fanfare serve = Fanfare.run(
                Map.of("FANFARE_LOG_FORMAT", "json"), "serve", "--port=0", "--stomp-port=0", "--admin-port=-1")) {
            Matcher ready = serve.printed("ready .* tcp=127\\.0\\.0\\.1:(\\d+) .*");
            visit(Integer.parseInt(ready.group(1)), "alice");
            serve.complained(".*\"message\":\"disconnected .*");
            serve.terminate();
            assertThat(serve.exitCode()).isZero();

            List<JsonNode> lines = serve.err().stream().map(LogIT::json).toList();
            JsonNode connected = first(lines, "connected ");
            JsonNode refused = first(lines, "refused ");
            JsonNode disconnected = first(lines, "disconnected ");
            assertThat(connected.get("user").asText()).isEqualTo("alice");
            assertThat(connected.get("conn").asText()).isNotEmpty();
            assertThat(refused.get("conn")).isEqualTo(connected.get("conn"));
            assertThat(refused.get("reason").asText()).isEqualTo("invalid destination");
            assertThat(disconnected.get("conn")).isEqualTo(connected.get("conn"));
            assertThat(disconnected.get("reason").asText()).isEqualTo("protocol-error");
            assertThat(first(lines, "started ").get("websocket").asText()).startsWith("ws://");
            first(lines, "stopped");
        }
    }

    private static JsonNode first(List<JsonNode> lines, String message) {
        return lines.stream()
                .filter(line -> line.get("message").asText().startsWith(message))
                .findFirst()
                .orElseThrow(() -> new AssertionError(message + " is not in " + lines));
    }

    @Test
    void textHasTheSameValues() {
        try (Fanfare serve = Fanfare.serve("--stomp-port=0")) {
            Matcher ready = serve.printed("ready .* tcp=127\\.0\\.0\\.1:(\\d+) .*");
            visit(Integer.parseInt(ready.group(1)), "alice");

            String conn = serve.complained(".* INFO +connections connected conn=(\\S+) user='alice' peer=.*")
                    .group(1);
            serve.complained(
                    ".* INFO +connections disconnected conn=" + conn + " user='alice' .* reason=protocol-error");
        }
    }

    @Test
    void aStandardErrorThatTakesNothingHoldsUpNoClientAndNotTheEnd() {
        try (Fanfare serve = Fanfare.runUnheard("serve", "--port=0", "--stomp-port=0", "--admin-port=-1")) {
            int port = Integer.parseInt(
                    serve.printed("ready .* tcp=127\\.0\\.0\\.1:(\\d+) .*").group(1));
            try (StompSocket echo = StompSocket.over(RawTcp.connect(port))) {
                echo.connects("1.2").subscribes("id:0\ndestination:/topic/echo");
                // three lines each: more than the pipe and the queue of 8,192 lines take together
                for (int i = 0; i < 4_000; i++) {
                    visit(port, "user-" + i);
                    if (i % 100 == 0 || i >= 3_900) {
                        echo.sends("SEND\ndestination:/topic/echo\n\n" + i + "^@")
                                .gotMessage(String.valueOf(i));
                    }
                }
                serve.terminate();
                assertThat(echo.next().command()).isEqualTo("ERROR");
            }
            assertThat(serve.exitCode()).isZero();
        }
    }

    @Test
    void aLevelChangesWhileTheBrokerRuns() throws Exception {
        try (Fanfare serve = Fanfare.serve("--stomp-port=0", "--admin-port=0")) {
            Matcher ready = serve.printed("ready .* tcp=127\\.0\\.0\\.1:(\\d+) admin=(\\S+)");
            int port = Integer.parseInt(ready.group(1));
            assertThat(put(ready.group(2), "WARN")).contains("\"level\":\"WARN\",\"effective\":\"WARN\"");
            visit(port, "quiet");
            // an end is logged behind the client's
            Await.until("no client", () -> get(ready.group(2), "/connections").contains("\"total\":0"));
            assertThat(put(ready.group(2), "INFO")).contains("\"effective\":\"INFO\"");
            visit(port, "loud");

            serve.complained(".* disconnected .* user='loud' .*");
            assertThat(serve.err()).noneMatch(line -> line.contains("'quiet'"));
        }
    }

    private static String get(String admin, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(admin + "/api/v1" + path))
                .timeout(Await.DEADLINE)
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    private static String put(String admin, String level) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(admin + "/api/v1/loggers/io.fanfare.connections"))
                .timeout(Await.DEADLINE)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"level\":\"" + level + "\"}"))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }
}
