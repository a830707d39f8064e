package io.fanfare.interop;

import io.fanfare.server.FanfareServer;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.messaging.simp.stomp.ReactorNettyTcpStompClient;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** Spring's ReactorNettyTcpStompClient. */
class SpringTcpIT extends ClientContract {

    private final ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();

    @BeforeAll
    void startScheduler() {
        scheduler.initialize();
    }

    @AfterAll
    void stopScheduler() {
        scheduler.shutdown();
    }

    /** Its client is bound to one port. */
    @Override
    Peer newPeer() {
        AtomicReference<ReactorNettyTcpStompClient> opened = new AtomicReference<>();
        return new SpringPeer(
                (port, headers, handler) -> {
                    ReactorNettyTcpStompClient client = new ReactorNettyTcpStompClient("127.0.0.1", port);
                    client.setTaskScheduler(scheduler);
                    opened.set(client);
                    client.connectAsync(headers, handler);
                },
                () -> {
                    ReactorNettyTcpStompClient client = opened.get();
                    if (client != null) {
                        client.shutdown();
                    }
                });
    }

    @Override
    int port(FanfareServer server) {
        return server.tcpPort();
    }

    /** It refuses to ask for 1.0. */
    @Override
    Stream<String> versions() {
        return Stream.of("1.1", "1.2");
    }

    @Override
    boolean hasTransactions() {
        return false;
    }

    @Override
    Set<String> receipts() {
        return Set.of("SEND", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "NACK");
    }
}
