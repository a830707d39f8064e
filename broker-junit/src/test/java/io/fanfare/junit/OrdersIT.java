package io.fanfare.junit;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testkit.TestConnection;
import io.fanfare.testkit.wire.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The extension as its documentation shows it. */
class OrdersIT {

    @RegisterExtension
    static final FanfareExtension broker = FanfareExtension.builder()
            .queue("/queue/orders")
            .user("alice", "secret")
            .permit("alice", "/queue/**")
            .build();

    @Test
    void confirms(@StompConnection(login = "alice") TestConnection alice) {
        try (OrdersApplication app = OrdersApplication.connect(broker.webSocketUri())) {
            broker.awaitSubscribers("/queue/orders", 1);
            alice.send("/queue/orders", "{\"id\":1}").awaitReceipt();
            broker.expect("/topic/confirmations").within(ofSeconds(60)).bodyContains("\"id\":1");
            assertThat(broker.queue("/queue/orders")).isEmpty();
        }
    }

    @Test
    void anOrderWaitsForTheApplication(
            @StompConnection(login = "alice", transport = Transport.TCP) TestConnection alice) {
        alice.send("/queue/orders", "{\"id\":2}").awaitReceipt();
        assertThat(broker.queue("/queue/orders").bodies()).containsExactly("{\"id\":2}");
        assertThat(broker.messages("/queue/orders")).hasSize(1);
    }
}
