package io.fanfare.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfare.security.OriginPolicy;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.StompSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /api/v1/events}: which connections ended and which were refused, and why. */
class EventsIT {

    private static JsonNode events(ApiServer server, String query, int total) {
        Await.until(
                total + " events",
                () -> server.get("/events" + query).json().get("total").asInt() == total);
        return server.get("/events" + query).json().get("items");
    }

    @Test
    void theEndOfAConnectionIsToldWithItsReason() {
        try (ApiServer server = new ApiServer()) {
            StompSocket client = server.connect();
            String id = server.get("/connections").json().at("/items/0/id").asText();
            client.sends("SUBSCRIBE\nid:0\ndestination:/nowhere/x\n\n^@").next();
            client.close();
            JsonNode event = events(server, "", 1).get(0);
            assertThat(event.get("kind").asText()).isEqualTo("closed");
            assertThat(event.get("reason").asText()).isEqualTo("protocol-error");
            assertThat(event.get("connection").asText()).isEqualTo(id);
            assertThat(event.get("address").asText()).startsWith("127.0.0.1:");
            assertThat(event.get("detail").asText()).contains("/nowhere/x");
        }
    }

    @Test
    void aRefusedHandshakeIsToldWithItsOrigin() {
        try (ApiServer server = new ApiServer();
                RawTcp page = RawTcp.connect(server.webSocketUri().getPort())) {
            RawWebSocket.handshake(page, RawWebSocket.request("Origin: https://evil.example"));
            JsonNode event = events(server, "?kind=refused", 1).get(0);
            assertThat(event.get("reason").asText()).isEqualTo("origin");
            assertThat(event.get("detail").asText()).startsWith("'https://evil.example': ");
            assertThat(event.get("connection").asText()).isEmpty();
        }
    }

    @Test
    void theNewestComesFirstAndTheListIsFiltered() {
        try (ApiServer server = new ApiServer()) {
            StompSocket first = server.connect();
            first.sends("DISCONNECT\nreceipt:r\n\n^@").next();
            first.close();
            events(server, "", 1);
            StompSocket second = server.connect();
            second.sends("NONSENSE\n\n^@").next();
            second.close();
            JsonNode all = events(server, "", 2);
            assertThat(all.get(0).get("reason").asText()).isEqualTo("protocol-error");
            assertThat(all.get(1).get("reason").asText()).isEqualTo("client");
            assertThat(events(server, "?filter=PROTOCOL", 1)).hasSize(1);
        }
    }

    /** Which origins may connect is the operator's to say; the admin listener's own page is not a stranger. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "http://127.0.0.1:ADMIN, 127.0.0.1, 101",
        "http://localhost:ADMIN, localhost, 101",
        "http://localhost:ADMIN, 127.0.0.1, 101",
        "https://127.0.0.1:ADMIN, 127.0.0.1, 403",
        "http://127.0.0.1:1, 127.0.0.1, 403",
        "http://127.0.0.1, 127.0.0.1, 403",
        "http://evil.example:ADMIN, evil.example, 403",
        "http://evil.example:ADMIN, 127.0.0.1, 403",
        "http://127.0.0.1:ADMIN, evil.example, 403",
        "http://127.0.0.1@evil.example:ADMIN, 127.0.0.1, 403"
    })
    void theConsolesOwnOriginAloneIsAddedToThoseThatMayConnect(String origin, String host, int status) {
        try (ApiServer server =
                        new ApiServer(options -> options.origins(new OriginPolicy(List.of("https://app.example"))));
                RawTcp page = RawTcp.connect(server.webSocketUri().getPort())) {
            String request = RawWebSocket.request("Origin: " + origin.replace("ADMIN", "" + server.port()))
                    .replaceFirst("Host: [^\r]*", "Host: " + host);
            assertThat(RawWebSocket.handshake(page, request).status()).isEqualTo(status);
        }
    }
}
