package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A message of a topic is in memory once, and counted so, however many subscriptions keep it in queues of their own. */
class SharedMessageMemoryTest extends BrokerTest {

    private final List<BareClient> all = new ArrayList<>();

    private BareClient subscriber(String lines, String headers) {
        BareClient bob = new BareClient(broker, loop, lines);
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n" + headers + "\n\n\0");
        all.add(bob);
        return bob;
    }

    private void absent(int clients) {
        IntStream.range(0, clients)
                .forEach(i ->
                        subscriber("client-id:c" + i + "\n", "durable:true").isLost());
        all.clear();
    }

    private void publish(BareClient alice, int messages, int bytes) {
        for (int i = 0; i < messages; i++) {
            alice.sends("SEND\ndestination:/topic/a\n\n" + "x".repeat(bytes) + "\0");
        }
    }

    private void assertCounted(int messages, int bytes) {
        BareClient alice = new BareClient(broker, loop);
        MemoryAccount.assertCounted(broker, () -> publish(alice, messages, bytes));
        assertThat(alice.isOver()).isFalse();
        alice.isLost();
    }

    @ParameterizedTest
    @CsvSource({"1000, 7, 100000", "200, 500, 10", "1, 5000, 100"})
    void whatAbsentClientsKeepIsCounted(int clients, int messages, int bytes) {
        absent(clients);
        assertCounted(messages, bytes);
        broker.operations().clear();
        settle();
        assertThat(broker.memoryBytes()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1000, 28, 20000", "200, 500, 10", "1, 5000, 100"})
    void whatSubscriptionsHaveNotAcknowledgedIsCounted(int clients, int messages, int bytes) {
        IntStream.range(0, clients)
                .forEach(i -> subscriber("", "ack:client\nprefetch-count:1").stopsReading());
        assertCounted(messages, bytes);
        all.forEach(BareClient::isLost);
        settle();
        assertThat(broker.memoryBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"client", "client-individual"})
    void whatAClientHasAndHasNotAcknowledgedIsCounted(String mode) {
        BareClient bob = BareClient.thatForgets(broker, loop, "");
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nprefetch-count:65535\nack:" + mode + "\n\n\0");
        assertCounted(20_000, 10);
        bob.isLost();
        assertThat(broker.memoryBytes()).isZero();
    }

    @Test
    void clientsThatAreAwayRaiseNoAlarmWithOneMessage() {
        brokerWith(
                BrokerOptions.builder().memory(m -> m.maxMemoryBytes(200_000)).build());
        absent(50);
        long before = broker.memoryBytes();
        BareClient alice = new BareClient(broker, loop);
        publish(alice, 2, 20_000);
        assertThat(alice.isOver()).isFalse();
        assertThat(broker.memoryBytes() - before).isBetween(40_000L, 60_000L);
        alice.isLost();
        broker.operations().clear();
    }

    /** A queue that goes is let go of in parts: each of its messages may be another queue's too. */
    @Test
    void theLastOfManyQueuesThatGoLetsGoOfTheMessages() {
        List<BareClient> two =
                List.of(subscriber("", "ack:client\nprefetch-count:1"), subscriber("", "ack:client\nprefetch-count:1"));
        BareClient alice = new BareClient(broker, loop);
        publish(alice, 3_000, 1_000);
        long both = broker.memoryBytes();
        two.get(0).isLost();
        assertThat(broker.memoryBytes()).isBetween(3_000_000L, both - 3_000 * 90);
        two.get(1).isLost();
        assertThat(broker.memoryBytes()).isZero();
        alice.isLost();
    }

    /** What a client has not acknowledged is still the client's to settle. */
    @Test
    void whatIsNotAcknowledgedCountsBehindUnsubscribe() {
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\nack:client-individual\ndestination:/topic/a\n\n^@");
        connect().sends("SEND\ndestination:/topic/a\n\nhi^@");
        String ack = bob.next("a MESSAGE").header("ack");
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@");
        assertThat(broker.memoryBytes()).isPositive();
        bob.sends("ACK\nid:" + ack + "\n\n^@");
        assertThat(broker.memoryBytes()).isZero();
    }
}
