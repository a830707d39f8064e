package io.fanfare.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.RawWebSocket.Response;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of other pages, and of clients that are slow. */
class HostileRequestsIT {

    private static ApiServer server;

    @BeforeAll
    static void start() {
        server = new ApiServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Response raw(String request) {
        return RawWebSocket.response(server.raw().sends(request.getBytes(ISO_8859_1)));
    }

    /** Grizzly would wait for octets behind the answer. */
    @Test
    void aTunnelIsRefusedAtOnce() {
        Response refused = raw("CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).isEqualTo("this is no proxy: there is no CONNECT\n");
    }

    // ---- other pages ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://evil.example",
                "null",
                "https://127.0.0.1:PORT",
                "http://127.0.0.1",
                "http://localhost:PORT"
            })
    @DisplayName("case 88: a page of another origin does not reach the API")
    void aPageOfAnotherOriginIsForbidden(String origin) {
        String text = origin.replace("PORT", String.valueOf(server.port()));
        assertThat(server.post("/publish", "{'destination':'/topic/a'}", "Origin", text)
                        .status())
                .isEqualTo(403);
        assertThat(server.get("/overview", "Origin", text).status()).isEqualTo(403);
    }

    @Test
    void aPageOfTheServersOwnIsAnswered() {
        String origin = "http://127.0.0.1:" + server.port();
        assertThat(server.post(
                                "/publish",
                                "{'destination':'/topic/a'}",
                                "Origin",
                                origin,
                                "Sec-Fetch-Site",
                                "same-origin")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "x"})
    void whatABrowserSendsForAnotherSiteIsForbidden(String site) {
        assertThat(server.get("/overview", "Sec-Fetch-Site", site).status()).isEqualTo(403);
    }

    @Test
    @DisplayName("case 88: a name that leads to this machine is not this host")
    void anotherHostIsMisdirected() {
        assertThat(raw("GET /api/v1/overview HTTP/1.1\r\nHost: evil.example\r\n\r\n")
                        .status())
                .isEqualTo(421);
    }

    // ---- slow ones --------------------------------------------------------------------------------------------------

    @Test
    @DisplayName("case 88: bodies that do not come keep no other request from its answer")
    void slowBodiesAreNobodysBusiness() {
        for (int i = 0; i < 20; i++) {
            server.raw()
                    .sends(("POST /api/v1/publish HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: 100\r\n\r\n{")
                            .getBytes(ISO_8859_1));
        }
        assertThat(server.get("/overview").status()).isEqualTo(200);
        assertThat(server.post("/publish", "{'destination':'/topic/a'}").status())
                .isEqualTo(200);
    }

    @Test
    void anUpgradeIsIgnored() {
        // Java's HTTP client offers HTTP/2 so
        RawTcp client = server.raw();
        client.sends(("GET /api/v1/overview HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                        + "Upgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n\r\n")
                .getBytes(ISO_8859_1));
        Response response = RawWebSocket.response(client);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Content-Type")).containsExactly("application/json");
        client.ended();
    }

    @Test
    void aBodyThatDoesNotComeIsCut() {
        RawTcp slow = server.raw();
        slow.sends(("POST /api/v1/publish HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 100\r\n\r\n{")
                .getBytes(ISO_8859_1));
        slow.silentFor(Duration.ofMillis(100)).ended();
    }
}
