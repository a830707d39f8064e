package io.fanfare.junit;

import io.fanfare.client.StompClient;
import java.net.URI;

/** An application under test: it confirms orders. */
final class OrdersApplication implements AutoCloseable {

    private final StompClient client;

    private OrdersApplication(StompClient client) {
        this.client = client;
    }

    static OrdersApplication connect(URI broker) {
        StompClient client = StompClient.connect(broker);
        client.subscribe("/queue/orders", order -> client.send("/topic/confirmations", order.bodyAsString()));
        return new OrdersApplication(client);
    }

    @Override
    public void close() {
        client.close();
    }
}
