package io.fanfare.interop;

import io.fanfare.server.FanfareServer;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.messaging.simp.stomp.ReactorNettyTcpStompClient;

/** Spring's ReactorNettyTcpStompClient. */
class SpringTcpIT extends SpringContract {

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
}
