package io.fanfare.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import io.fanfare.client.StompClient;
import io.fanfare.security.OriginPolicy;
import io.fanfare.server.FanfareServer;
import io.fanfare.status.ConnectionStatus;
import io.fanfare.status.Selection;
import io.fanfare.testing.Await;
import io.fanfare.testing.Needs;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Chromium's EventSource, on a page of another origin. */
class EventSourceIT {

    @BeforeAll
    static void needChromium() {
        Needs.chromium();
    }

    private static List<ConnectionStatus> streams(FanfareServer server) {
        return server.broker()
                .inspection()
                .connections(
                        new Selection<>(connection -> connection.transport().equals("sse"), (a, b) -> 0, 0, 10))
                .toCompletableFuture()
                .join()
                .items();
    }

    @Test
    void aPageGetsMessagesAndComesBackByItselfWithItsLastEventId() {
        try (FanfareServer server = FanfareServer.builder()
                        .port(0)
                        .origins(new OriginPolicy(List.of("*")))
                        .start();
                StompClient publisher = StompClient.connect(server.webSocketUri());
                Playwright playwright = Chromium.playwright()) {
            Page page = Chromium.newPage(playwright);
            page.evaluate(
                    """
                    uri => new Promise((open, failed) => {
                      window.events = [];
                      window.closes = [];
                      window.source = new EventSource(uri);
                      source.onmessage = event => {
                        const message = JSON.parse(event.data);
                        events.push(message.destination + ' ' + message.body + ' '
                            + (message.headers['message-id'] === event.lastEventId));
                      };
                      source.addEventListener('close', event => closes.push(JSON.parse(event.data).code));
                      source.onopen = open;
                      source.onerror = failed;
                    }).then(() => source.onerror = null)""",
                    "http://127.0.0.1:" + server.webSocketPort() + "/sse?destination=/topic/a&destination=/topic/b.*");
            publisher.send("/topic/a", "é\n\"1\"").join();
            publisher.send("/topic/b.c", "2").join();
            Await.until("two events", () -> page.evaluate("() => events.length").equals(2));
            assertThat(page.evaluate("() => events")).isEqualTo(List.of("/topic/a é\n\"1\" true", "/topic/b.c 2 true"));

            ConnectionStatus first = streams(server).get(0);
            server.broker().operations().closeConnection(first.id(), "come again");
            Await.until(
                    "another stream",
                    () -> streams(server).stream()
                            .anyMatch(stream -> !stream.id().equals(first.id())));
            publisher.send("/topic/a", "3").join();
            Await.until(
                    "the third event",
                    () -> page.evaluate("() => events.length").equals(3));
            assertThat(page.evaluate("() => closes")).isEqualTo(List.of(4403));
            page.evaluate("() => source.close()");
            Await.until("no stream", () -> streams(server).isEmpty());
        }
    }
}
