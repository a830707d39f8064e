package io.fanfare.examples.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.examples.web.Route.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageServerIT {

    private final PageServer server = PageServer.of("dashboard", URI.create("ws://127.0.0.1:15674/ws"))
            .config(Map.of("a", 1))
            .route("echo", request -> Answer.ok(Map.of("said", request.text("say"), "cookies", request.cookies())))
            .start(0);
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "index.html",
                "main.js",
                "style.css",
                "config.json",
                "processes.html",
                "table.js",
                "rates.html",
                "rates.js",
                "web/base.css",
                "web/favicon.svg",
                "web/page.js",
                "web/vendor/fanfare/live.js",
                "web/vendor/uplot/uPlot.esm.js",
                "web/vendor/uplot/uPlot.min.css",
                "web/vendor/stompjs/index.js",
                "web/vendor/stompjs/compatibility/stomp.js"
            })
    void whatThePageNeedsIsThere(String path) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isNotBlank();
        assertThat(answer.headers().firstValue("Content-Type")).isPresent();
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; ")
                .contains("connect-src 'self' ws://127.0.0.1:15674;");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nothing.html",
                "web",
                "web/",
                "dashboard/index.html",
                "../logback.xml",
                "%2e%2e/logback.xml",
                "a/../x.js"
            })
    void nothingElseIs(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void scriptsHaveTheTypeThatModulesNeed() throws Exception {
        assertThat(get("main.js").headers().firstValue("Content-Type")).hasValue("text/javascript; charset=utf-8");
    }

    @Test
    void onlyReadingIsAllowed() throws Exception {
        HttpRequest post = HttpRequest.newBuilder(server.uri())
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        HttpResponse<String> answer = http.send(post, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD");
    }

    @Test
    void aRouteTakesJsonOfItsOwnPages() throws Exception {
        HttpResponse<String> answer = post("{\"say\":\"<b>\"}", "Cookie", "a=1; b=2=3");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"said\":\"<b>\"", "\"a\":\"1\"", "\"b\":\"2=3\"");
        assertThat(post("{}", "Origin", "http://localhost:" + server.uri().getPort())
                        .statusCode())
                .isEqualTo(200);
        assertThat(get("echo").statusCode()).isEqualTo(405);
    }

    @Test
    void aRouteTakesNothingElse() throws Exception {
        assertThat(post("{}", "Origin", "http://localhost:1").statusCode()).isEqualTo(403);
        assertThat(post("{}", "Content-Type", "text/plain").statusCode()).isEqualTo(415);
        assertThat(post("\"" + "x".repeat((16 << 10) - 2) + "\"").statusCode()).isEqualTo(200);
        assertThat(post("\"" + "x".repeat((16 << 10) - 1) + "\"").statusCode()).isEqualTo(413);
    }

    @Test
    void aRouteHasNoAnswerForANameThatAnAttackerHasMadeToMeanThisMachine() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
            socket.getOutputStream()
                    .write(("POST /echo HTTP/1.1\r\nHost: evil.example\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: 2\r\nConnection: close\r\n\r\n{}")
                            .getBytes(US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 421 ");
        }
    }

    private HttpResponse<String> post(String json, String... header) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.uri() + "echo"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
        if (header.length > 0) {
            request.setHeader(header[0], header[1]);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create(server.uri() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
