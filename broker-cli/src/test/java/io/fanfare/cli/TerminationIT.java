package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.client.StompClient;
import io.fanfare.client.StompException;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends signals to a serve process: the order of its shutdown, and the frames that clients get. */
class TerminationIT {

    @Test
    @DisplayName("item 123: SIGTERM: clients see 1012, the exit code is 0")
    void sigtermEndsItInOrder() throws Exception {
        try (Fanfare serve = Fanfare.serve()) {
            CompletableFuture<StompException> end = new CompletableFuture<>();
            StompClient.builder(URI.create(serve.url())).onError(end::complete).connect();

            serve.terminate();

            assertThat(end.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS).closeCode())
                    .hasValue(1012);
            assertThat(serve.exitCode()).isZero();
            assertThat(serve.err()).noneMatch(line -> line.contains("Exception"));
        }
    }

    @Test
    @DisplayName("case 75: a second SIGTERM ends the process at once, with 0")
    void secondSigtermIsImmediate() throws IOException {
        try (Fanfare serve = Fanfare.serve("--stomp-port", "0", "--drain-timeout", "1h")) {
            try (RawTcp one = serve.connect();
                    RawTcp other = serve.connect()) {
                serve.terminate();
                serve.complained(".* draining clients=2 .*");
                assertThat(serve.isAlive()).isTrue();
                serve.terminate();

                assertThat(serve.exitCode()).isZero();
            }
        }
    }

    @Test
    @DisplayName("case 75: SIGTERM: /readyz is 503 while clients are there, and the process ends when they have gone")
    void sigtermTurnsReadinessRed() throws Exception {
        try (Fanfare serve = Fanfare.serve("--stomp-port", "0", "--admin-port", "0", "--drain-timeout", "1h")) {
            String admin = serve.printed("ready .* admin=(http://127\\.0\\.0\\.1:\\d+)")
                    .group(1);
            URI readyz = URI.create(admin + "/readyz");
            assertThat(get(readyz).statusCode()).isEqualTo(200);
            try (RawTcp one = serve.connect();
                    RawTcp other = serve.connect()) {
                serve.terminate();
                serve.complained(".* draining clients=2 .*");
                assertThat(get(readyz).statusCode()).isEqualTo(503);
                assertThat(get(readyz).body()).startsWith("draining");
            }
            assertThat(serve.exitCode()).isZero();
        }
    }

    /** No class can be loaded any more, and the shutdown may need some: whatever its exit code, the process ends. */
    @ParameterizedTest
    @ValueSource(strings = {"", "this is no jar"})
    void sigtermEndsABrokerWhoseJarWasOverwritten(String content, @TempDir Path folder) throws IOException {
        Path jar = Fanfare.copyJar(folder);
        try (Fanfare serve = Fanfare.runFrom(jar, "serve", "--port=0", "--stomp-port=0", "--admin-port=-1")) {
            try (RawTcp client = serve.connect()) {
                Files.writeString(jar, content);
                serve.terminate();
                assertThat(serve.exitCode()).isIn(0, 1);
            }
        }
    }

    private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
