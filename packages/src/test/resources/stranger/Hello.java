import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.client.StompClient;
import io.fanfare.frame.Headers;
import io.fanfare.server.FanfareServer;
import java.util.concurrent.CompletableFuture;

public class Hello {

    public static void main(String[] args) {
        try (var server = FanfareServer.builder().port(0).start();
                var client = StompClient.connect(server.webSocketUri())) {
            var hello = new CompletableFuture<String>();
            client.subscribe("/topic/hello", message -> hello.complete(message.bodyAsString()))
                    .confirmed()
                    .join();
            client.send("/topic/hello", Headers.EMPTY, "Hello".getBytes(UTF_8)).join();
            System.out.println(hello.join());
        }
    }
}
