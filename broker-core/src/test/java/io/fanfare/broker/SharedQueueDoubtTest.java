package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.HandBackplane;
import io.fanfare.testing.HandQueues;
import io.fanfare.testing.Received;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** Messages of a shared queue that may have been delivered before without being counted. */
class SharedQueueDoubtTest extends BrokerTest {

    private static final int MAX_DELIVERIES = 3;

    private final HandBackplane here = new HandBackplane("n1", new ArrayList<>());
    private final HandQueues queues = here.shared();

    @Test
    void theySaySoAndHaveAllOfTheirAttempts() {
        brokerWith(BrokerOptions.builder()
                .backplane(here)
                .queues(q -> q.maxDeliveries(MAX_DELIVERIES))
                .build());
        Client alice = connect();
        alice.sends("SUBSCRIBE\nid:0\nack:client-individual\ndestination:/queue/shared\n\n^@");
        queues.isDoubtful = true;
        alice.sends("SEND\ndestination:/queue/shared\n\na^@");
        here.keeps();
        for (int i = 1; i <= MAX_DELIVERIES; i++) {
            queues.handOut();
            settle();
            Received message = alice.next("a");
            assertThat(message.headers()).contains("redelivered:true", "delivery-count:" + Math.max(2, i));
            assertThat(here.appends).isEmpty();
            alice.sends("NACK\nid:" + message.header("ack") + "\nredelivery-delay:0\n\n^@");
        }
        here.keeps();
        settle();
        assertThat(queues.ends).last().isEqualTo("1 discarded");
    }
}
