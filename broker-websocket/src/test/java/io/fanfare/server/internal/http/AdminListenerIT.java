package io.fanfare.server.internal.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.broker.Broker;
import io.fanfare.server.http.HttpAnswer;
import io.fanfare.server.http.HttpEndpoint;
import io.fanfare.testing.Await;
import io.fanfare.testing.LogLines;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminListenerIT {

    private final Health health = new Health(new Broker(), List::of, () -> true, Duration.ofSeconds(5));

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", "GET /read", "GET /readyz HTTP/1.1\r\nHost: a\r\n"})
    @DisplayName("case 11: a request that does not come to its end is cut")
    void aSlowRequestIsCut(String beginning) throws IOException {
        try (AdminListener admin = start();
                RawTcp slow = RawTcp.connect(admin.uri().getPort())) {
            slow.sends(beginning).ended();
        }
    }

    @Test
    @DisplayName("case 11: a request that comes one octet after the other is cut too")
    void aTricklingRequestIsCut() throws IOException {
        try (AdminListener admin = start();
                RawTcp slow = RawTcp.connect(admin.uri().getPort())) {
            slow.sends("GET /readyz HTTP/1.1\r\nHost: a\r\nX: ");

            // either a write finds the connection cut, or the pause behind it
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1_000; i++) {
                            slow.sends("x").silentFor(Duration.ofMillis(5));
                        }
                    })
                    .isInstanceOfAny(UncheckedIOException.class, AssertionError.class);
        }
    }

    @Test
    void theTimeOfTheServerIsNotTheClients() throws IOException {
        CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
        CompletableFuture<Void> isBodyWanted = new CompletableFuture<>();
        HttpEndpoint endpoint = call -> call.method().equals("GET")
                ? answer
                : isBodyWanted.thenCompose(now -> call.body(100)).thenApply(body -> HttpAnswer.text(200, text(body)));
        try (AdminListener admin = start(endpoint, Duration.ofSeconds(2));
                RawTcp asks = RawTcp.connect(admin.uri().getPort());
                RawTcp sends = RawTcp.connect(admin.uri().getPort())) {
            asks.sends("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
            sends.sends("POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n");
            // begins last, and has sent nothing when its time is over: so is that of the others
            RawTcp.connect(admin.uri().getPort()).ended();

            answer.complete(HttpAnswer.text(200, "late"));
            assertThat(RawWebSocket.response(asks).body()).isEqualTo("late\n");
            isBodyWanted.complete(null);
            assertThat(RawWebSocket.response(sends.sends("late")).body()).isEqualTo("late\n");
        }
    }

    private static String text(byte[] body) {
        return new String(body, UTF_8);
    }

    @Test
    void anAnswerThatNobodyReadsEndsTheConnection() throws IOException {
        HttpAnswer large = new HttpAnswer(200, Map.of("Content-Type", "text/plain"), new byte[64 << 20]);
        try (LogLines log = new LogLines(AdminExchange.class.getName());
                AdminListener admin = start(call -> CompletableFuture.completedFuture(large), Duration.ofMillis(500));
                RawTcp idle = RawTcp.connectWithSmallReceiveBuffer(admin.uri().getPort())) {
            idle.sends("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
            told(log, "the answer was not taken within 500 ms");
        }
    }

    @Test
    void theLogTellsOfAConnectionThatIsCut() throws IOException {
        try (LogLines log = new LogLines(AdminExchange.class.getName());
                AdminListener admin = start();
                RawTcp slow = RawTcp.connect(admin.uri().getPort())) {
            slow.sends("GET /read").ended();
            told(log, "no whole request within 100 ms");
        }
    }

    private static void told(LogLines log, String why) {
        Await.until(
                "the log says: " + why,
                () -> log.all().stream()
                        .anyMatch(line -> line.startsWith("closed peer=127.0.0.1:") && line.endsWith(why)));
    }

    @Test
    void anAnswerThatNeverComesEndsTheConnectionAndTheLogTells() throws IOException {
        AdminExchange.Timeouts timeouts = new AdminExchange.Timeouts(Duration.ofSeconds(30), Duration.ofMillis(100));
        try (LogLines log = new LogLines(AdminExchange.class.getName());
                AdminListener admin = start(call -> new CompletableFuture<>(), timeouts);
                RawTcp client = RawTcp.connect(admin.uri().getPort())) {
            client.sends("GET /never HTTP/1.1\r\nHost: localhost\r\n\r\n").ended();
            told(log, "no answer was found within 100 ms");
        }
    }

    @Test
    void theLogTellsOfConnectionsBeyondTheLimit() throws IOException {
        try (LogLines log = new LogLines(AdminConnectionFilter.class.getName());
                AdminListener admin = start(call -> new CompletableFuture<>(), Duration.ofSeconds(30))) {
            List<RawTcp> idle = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                idle.add(RawTcp.connect(admin.uri().getPort()));
            }
            RawTcp.connect(admin.uri().getPort()).ended();
            Await.until(
                    "the log tells of it",
                    () -> log.all().stream()
                            .anyMatch(line ->
                                    line.startsWith("refused peer=127.0.0.1:") && line.contains("there are 64")));
            idle.forEach(RawTcp::close);
        }
    }

    private AdminListener start() throws IOException {
        return start(null, Duration.ofMillis(100));
    }

    private AdminListener start(HttpEndpoint endpoint, Duration clientTimeout) throws IOException {
        return start(endpoint, new AdminExchange.Timeouts(clientTimeout, Duration.ofMinutes(1)));
    }

    private AdminListener start(HttpEndpoint endpoint, AdminExchange.Timeouts timeouts) throws IOException {
        return new AdminListener(
                new AdminListener.Settings(
                        "fanfare-test-admin", "127.0.0.1", 0, false, address -> false, null, endpoint),
                health,
                timeouts);
    }
}
