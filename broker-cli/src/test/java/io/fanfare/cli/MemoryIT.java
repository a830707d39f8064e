package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.client.StompClient;
import io.fanfare.client.StompException;
import io.fanfare.frame.Headers;
import io.fanfare.testing.Await;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Runs a broker in a small heap. */
class MemoryIT {

    @Test
    @DisplayName(
            "case 82: far more unread messages than memory: SEND is refused before the heap is full, then taken again")
    void moreUnreadMessagesThanMemoryAreRefused() {
        try (Fanfare serve = Fanfare.run(
                Map.of("JAVA_TOOL_OPTIONS", "-Xmx64m -XX:+ExitOnOutOfMemoryError"),
                "serve",
                "--port",
                "0",
                "--stomp-port",
                "-1")) {
            URI url = URI.create(serve.url());
            byte[] body = new byte[10_000];
            int refused = 0;
            for (int i = 0; i < 20; i++) {
                String queue = "/queue/q" + i;
                try (StompClient client = StompClient.connect(url)) {
                    for (int j = 0; j < 10_000; j++) {
                        client.send(queue, Headers.EMPTY, body).join();
                    }
                } catch (StompException | CompletionException e) {
                    assertThat(e).hasMessageContaining("memory alarm");
                    refused++;
                }
            }
            assertThat(refused).isEqualTo(20);

            try (StompClient client = StompClient.connect(url)) {
                CountDownLatch first = new CountDownLatch(100);
                client.subscribe("/queue/q0", message -> first.countDown());
                assertThat(first.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                client.send("/topic/a", Headers.EMPTY, body).join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
