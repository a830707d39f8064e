package io.fanfare.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageServerIT {

    private final PageServer server = PageServer.start(0, "{\"a\":1}", URI.create("ws://127.0.0.1:15674/ws"));
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
                "favicon.svg",
                "config.json",
                "processes.html",
                "table.js",
                "rates.html",
                "rates.js",
                "vendor/fanfare/live.js",
                "vendor/uplot/uPlot.esm.js",
                "vendor/uplot/uPlot.min.css",
                "vendor/stompjs/index.js",
                "vendor/stompjs/compatibility/stomp.js"
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
    @ValueSource(strings = {"nothing.html", "vendor", "vendor/", "../logback.xml", "%2e%2e/logback.xml", "a/../x.js"})
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

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create(server.uri() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
