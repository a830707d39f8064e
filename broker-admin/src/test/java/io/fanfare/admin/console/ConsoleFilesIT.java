package io.fanfare.admin.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.admin.ApiServer;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The console's files, as the admin listener serves them. */
class ConsoleFilesIT {

    private static ApiServer server;

    @BeforeAll
    static void start() {
        server = new ApiServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static ApiServer.Answer get(String path) {
        return server.answer(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .build());
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html; charset=utf-8",
        "/console/main.js, text/javascript; charset=utf-8",
        "/console/pages/queues.js, text/javascript; charset=utf-8",
        "/console/styles/base.css, text/css; charset=utf-8",
        "/console/favicon.svg, image/svg+xml",
        "/console/vendor/uplot/uPlot.esm.js, text/javascript; charset=utf-8",
        "/console/vendor/uplot/uPlot.min.css, text/css; charset=utf-8",
        "/console/clients/live.js, text/javascript; charset=utf-8",
        "/console/vendor/stompjs/index.js, text/javascript; charset=utf-8"
    })
    void theFilesNeedNoLoginAndHaveTheirTypes(String path, String type) {
        ApiServer.Answer answer = get(path);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type").replace(" ", "")).isEqualToIgnoringCase(type.replace(" ", ""));
        assertThat(answer.response().body()).isNotEmpty();
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("Content-Security-Policy"))
                .startsWith(
                        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' ws://127.0.0.1:"
                                + server.webSocketUri().getPort() + ";")
                .contains("frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console",
                "/console/",
                "/console/index.html",
                "/console/none.js",
                "/console/pages",
                "/console/../openapi.yaml",
                "/console/%2e%2e/openapi.yaml",
                "/console//main.js",
                "/console/Console.class",
                "/console/vendor/uplot/LICENSE",
                "/console/clients/package.json",
                "/console/clients/live.d.ts",
                "/console/vendor/stompjs/../package.json",
                "/main.js"
            })
    void nothingElseIsServed(String path) {
        try (RawTcp client = server.raw()) {
            client.sends(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").getBytes(UTF_8));
            RawWebSocket.Response answer = RawWebSocket.response(client);
            assertThat(answer.status()).isEqualTo(404);
        }
    }

    @Test
    void thePageIsReadAndNotWritten() {
        try (RawTcp client = server.raw()) {
            client.sends("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n".getBytes(UTF_8));
            assertThat(RawWebSocket.response(client).status()).isEqualTo(404);
        }
        try (RawTcp client = server.raw()) {
            client.sends("HEAD / HTTP/1.1\r\nHost: localhost:1\r\n\r\n".getBytes(UTF_8));
            RawWebSocket.Response answer = RawWebSocket.response(client);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Content-Security-Policy").get(0)).contains("ws://localhost:");
        }
    }

    @Test
    void aPolicyThatCannotNameTheHostNamesThePort() {
        try (RawTcp client = server.raw()) {
            client.sends("HEAD / HTTP/1.1\r\nHost: [::1]:1\r\n\r\n".getBytes(UTF_8));
            RawWebSocket.Response answer = RawWebSocket.response(client);
            assertThat(answer.header("Content-Security-Policy").get(0))
                    .contains("ws://*:" + server.webSocketUri().getPort());
        }
    }

    @Test
    void theApiTellsThePageWhereTheBrokerIs() {
        var told = server.get("/overview").json();
        assertThat(told.at("/web_socket/port").asInt())
                .isEqualTo(server.webSocketUri().getPort());
        assertThat(told.at("/web_socket/path").asText()).isEqualTo("/ws");
        assertThat(told.at("/web_socket/tls").asBoolean()).isFalse();
        assertThat(told.at("/web_socket/login").asBoolean()).isFalse();
        assertThat(told.get("user").isNull()).isTrue();
    }
}
