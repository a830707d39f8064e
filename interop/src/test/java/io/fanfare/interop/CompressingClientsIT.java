package io.fanfare.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Playwright;
import io.fanfare.security.OriginPolicy;
import io.fanfare.server.FanfareServer;
import io.fanfare.statistics.BrokerStatistics;
import io.fanfare.testing.Needs;
import io.fanfare.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Other people's WebSocket clients with permessage-deflate: a thousand messages of many sizes there and back, whole and in
 * fragments, compared by the client.
 */
class CompressingClientsIT {

    private static final String AGREED = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    private static final int MESSAGES = 1000;

    private FanfareServer server;

    @BeforeEach
    void start() {
        server = FanfareServer.builder()
                .port(0)
                .origins(new OriginPolicy(List.of("*")))
                .compressionMinBytes(256)
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** What a program prints that runs to its end. */
    private static List<String> run(String... command) {
        return Program.output(Map.of(), List.of(command)).lines().toList();
    }

    private void hasCompressed(int clients) {
        BrokerStatistics.Compression compression = server.broker().statistics(0).compression();
        assertThat(compression.messages()).isBetween(clients * MESSAGES / 2L, (long) clients * MESSAGES);
        assertThat(compression.bytesAfter()).isLessThan(compression.bytesBefore());
    }

    @Test
    @DisplayName("items 26, 27: ws for Node, with several offers")
    void wsGetsWhatItHasSent() {
        Needs.node();
        Path scripts = NodeModules.CLIENTS.directory();

        List<String> agreed = run(
                "node",
                scripts.resolve("compressed-node.mjs").toString(),
                server.webSocketUri().toString());
        String yes = "permessage-deflate";
        assertThat(agreed).as("the last wants a window of 9 bits").containsExactly(yes, yes, yes, yes, "none");
        hasCompressed(4);
    }

    @Test
    @DisplayName("items 26, 27: Debian's websockets for Python, which asks for a window of 12 bits")
    void websocketsGetsWhatItHasSent() {
        Needs.pythonWebsockets();

        List<String> agreed = run(
                "/usr/bin/python3",
                "-B",
                "src/test/py/compressed.py",
                server.webSocketUri().toString());
        assertThat(agreed).hasSize(5);
        assertThat(agreed.subList(0, 4)).allMatch(each -> each.startsWith("PerMessageDeflate("));
        assertThat(agreed.get(4)).as("of a window of 9 bits").isEqualTo("none");
        hasCompressed(4);
    }

    @Test
    @DisplayName("items 26, 27: Chromium")
    void aPageGetsWhatItHasSent() throws IOException {
        Needs.chromium();
        try (Playwright playwright = Chromium.playwright()) {
            String script = source("bodies.mjs") + source("compressed.mjs");
            Object agreed = Chromium.newPage(playwright)
                    .evaluate(
                            "uri => {" + script + "return roundTrip(() => new WebSocket(uri, 'v12.stomp'),"
                                    + " (socket, frame) => socket.send(frame), 'page', 1000); }",
                            server.webSocketUri().toString());

            assertThat(agreed).isEqualTo(AGREED);
        }
        hasCompressed(1);
    }

    /** A module's functions, for a page that has no server to load it from. */
    private static String source(String name) throws IOException {
        return Files.readString(Path.of("src/test/js", name))
                .replaceAll("(?m)^import .*$", "")
                .replace("export function", "function");
    }
}
