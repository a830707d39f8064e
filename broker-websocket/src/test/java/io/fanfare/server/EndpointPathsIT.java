package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.RawWebSocket.Response;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The spellings of a path that the operator has chosen, with and without a slash at its end. */
class EndpointPathsIT {

    @RegisterExtension
    static final TestServer CHAT = new TestServer(options -> options.path("/live/chat"));

    @RegisterExtension
    static final TestServer SLASH = new TestServer(options -> options.path("/live/chat/"));

    @RegisterExtension
    static final TestServer ROOT = new TestServer(options -> options.path("/"));

    private static Response answer(TestServer server, String path) {
        return RawWebSocket.handshake(server.http(), RawWebSocket.request().replace("/ws", path));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"/live/chat", "/live/chat/", "/live/chat/websocket", "/stomp", "/stomp/websocket"})
    void aConfiguredPathHasThreeSpellings(String path) {
        assertThat(answer(CHAT, path).status()).isEqualTo(101);
        assertThat(answer(SLASH, path).status()).isEqualTo(101);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"/", "/websocket"})
    void thePathMayBeTheRoot(String path) {
        assertThat(answer(ROOT, path).status()).isEqualTo(101);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"/live", "/live/", "/live/chat/info", "/live/chat/websocket/", "/live/chatwebsocket"})
    void otherPathsAreNotFound(String path) {
        Response response = answer(CHAT, path);

        assertThat(response.status()).isEqualTo(404);
        assertThat(response.body()).contains("the STOMP endpoint is /live/chat\n");
    }
}
