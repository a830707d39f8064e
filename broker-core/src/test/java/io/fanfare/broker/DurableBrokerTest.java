package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.session.Session;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A broker whose durable subscriptions expire after an hour; none may be left an hour after each test. */
abstract class DurableBrokerTest extends BrokerTest {

    static final String SUBSCRIBE = "SUBSCRIBE\nid:news\ndestination:/topic/a\ndurable:true\n";
    static final String SEND = "SEND\ndestination:/topic/a\n";

    @BeforeEach
    void expiry() {
        brokerWith(BrokerOptions.builder()
                .queues(q -> q.durableExpiry(Duration.ofHours(1)).maxQueueMessages(5))
                .build());
    }

    @AfterEach
    void allExpire() {
        loop.run(() -> broker.openSessions().forEach(Session::abort));
        settle();
        pass(Duration.ofMinutes(61));
        assertThat(broker.durableSubscriptionCount()).isZero();
    }

    final Client bob() {
        return Clients.connectWith(this, "client-id:bob");
    }
}
