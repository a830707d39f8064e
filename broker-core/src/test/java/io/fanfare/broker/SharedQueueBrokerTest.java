package io.fanfare.broker;

import io.fanfare.loop.Framing;
import io.fanfare.testing.HandBackplane;
import io.fanfare.testing.HandClock;
import io.fanfare.testing.HandQueues;
import io.fanfare.testing.Received;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** Two nodes, a client of one of them, and queues that both share. */
abstract class SharedQueueBrokerTest extends BrokerTest {

    static final String SHARED = "/queue/shared";

    final List<HandBackplane> nodes = new ArrayList<>();
    final HandBackplane here = new HandBackplane("n1", nodes);
    final HandQueues queues = here.shared();
    final HandClock clock = new HandClock();
    Broker other;
    Client alice;

    @BeforeEach
    void twoNodes() {
        HandBackplane there = new HandBackplane("n2", nodes);
        brokerWith(BrokerOptions.builder()
                .clock(clock)
                .backplane(there)
                .queues(q -> q.maxDeliveries(4))
                .build());
        other = broker;
        brokerWith(BrokerOptions.builder()
                .clock(clock)
                .backplane(here)
                .queues(q -> q.maxDeliveries(4))
                .build());
        alice = connect();
    }

    final Client atOtherNode() {
        Broker first = broker;
        broker = other;
        Client client = connect("1.2", Framing.TCP, otherLoop);
        broker = first;
        return client;
    }

    final void publish(String... bodies) {
        for (String body : bodies) {
            alice.sends("SEND\ndestination:" + SHARED + "\n\n" + body + "^@");
            here.keeps();
        }
        handOut();
    }

    final void handOut() {
        queues.handOut();
        settle();
    }

    static void consumes(Client client, String ack, String more) {
        client.sends("SUBSCRIBE\nid:0\nack:" + ack + "\n" + more + "destination:" + SHARED + "\n\n^@");
    }

    static void nack(Client client, Received message, String more) {
        client.sends("NACK\nid:" + message.header("ack") + "\n" + more + "\n^@");
    }

    static String ack(Received message, String more) {
        return "ACK\nid:" + message.header("ack") + "\n" + more + "\n^@";
    }
}
