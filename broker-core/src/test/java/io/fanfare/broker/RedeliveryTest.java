package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When what a NACK gives back comes again. */
class RedeliveryTest extends BrokerTest {

    private Client consumer(String destination, String more) {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\nack:client-individual\n" + more + "destination:" + destination + "\n\n^@");
        return bob;
    }

    private void publish(String destination, String... bodies) {
        for (String body : bodies) {
            connectTo(otherLoop).sends("SEND\ndestination:" + destination + "\n\n" + body + "^@");
        }
    }

    private static void nack(Client client, Received message, String more) {
        client.sends("NACK\nid:" + message.header("ack") + "\n" + more + "\n^@");
    }

    /** The next message comes when so much time has passed, and not before. */
    private Received comesAfter(Client client, long millis) {
        if (millis > 0) {
            pass(Duration.ofMillis(millis - 1));
            client.gotNothing();
            pass(Duration.ofMillis(20));
        }
        var all = client.takeAll();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/queue/DLQ.a", "/topic/a"})
    @DisplayName("what is given back comes at once the first time, then after 100 ms, doubling to 10 s")
    void theDelayDoubles(String destination) {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxDeliveries(100)).build());
        var bob = consumer(destination, "");
        publish(destination, "1");
        Received message = bob.next("1");
        for (long millis : new long[] {0, 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000}) {
            nack(bob, message, "");
            message = comesAfter(bob, millis);
        }
        assertThat(message.header("delivery-count")).isEqualTo("11");
    }

    @Test
    @DisplayName("a consumer that gives back all dead letters at once does not spin")
    void aDeadLetterDoesNotSpin() {
        var bob = consumer("/queue/DLQ.a", "");
        publish("/queue/DLQ.a", "1", "2", "3");
        int deliveries = 0;
        for (int i = 0; i < 200; i++) {
            for (Received each : bob.takeAll()) {
                deliveries++;
                nack(bob, each, "");
            }
            pass(Duration.ofMillis(10));
        }
        // at 0, 0, 100, 300, 700 and 1,500 ms
        assertThat(deliveries).as("in 2 s").isEqualTo(3 * 6);
    }

    @Test
    @DisplayName("what waits lets others pass, and then comes before all that is newer")
    void whatHasWaitedComesFirst() {
        var bob = consumer("/queue/a", "prefetch-count:1\n");
        publish("/queue/a", "1", "2", "3", "4");
        nack(bob, bob.next("1"), "");
        nack(bob, bob.next("1 at once"), "");
        var second = bob.next("2");
        assertThat(second.text()).isEqualTo("2");
        pass(Duration.ofMillis(120));
        bob.gotNothing();
        bob.sends("ACK\nid:" + second.header("ack") + "\n\n^@");
        var first = bob.next("1 before 3");
        assertThat(first.text()).isEqualTo("1");
        bob.sends("ACK\nid:" + first.header("ack") + "\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("3");
    }

    @ParameterizedTest
    @CsvSource({"500,500", "0,0", "60000,60000"})
    @DisplayName("a NACK may say how long its message waits")
    void aNackSaysHowLong(String header, long millis) {
        var bob = consumer("/queue/a", "");
        publish("/queue/a", "1");
        var message = bob.next("1");
        for (int i = 0; i < 2; i++) {
            nack(bob, message, "redelivery-delay:" + header + "\n");
            message = comesAfter(bob, millis);
        }
    }

    @Test
    @DisplayName("a SUBSCRIBE may say how long all that it gives back waits")
    void aSubscribeSaysHowLong() {
        var bob = consumer("/queue/a", "redelivery-delay:250\n");
        publish("/queue/a", "1");
        var message = bob.next("1");
        for (int i = 0; i < 3; i++) {
            nack(bob, message, "");
            message = comesAfter(bob, 250);
        }
        nack(bob, message, "redelivery-delay:10\n");
        comesAfter(bob, 10);
    }

    @ParameterizedTest
    @CsvSource({"NACK,soon,must be a whole number", "ACK,5,is for a NACK", "NACK\\nrequeue:false,5,is for a NACK"})
    @DisplayName("a redelivery-delay that means nothing is an ERROR")
    void aDelayThatMeansNothingIsAnError(String command, String delay, String why) {
        var bob = consumer("/queue/a", "");
        publish("/queue/a", "1");
        String ack = bob.next("1").header("ack");
        bob.sends(command.replace("\\n", "\n") + "\nid:" + ack + "\nredelivery-delay:" + delay + "\n\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid redelivery-delay", why);
    }

    @Test
    @DisplayName("a NACK in a transaction has its delay from COMMIT on")
    void aNackInATransactionWaitsFromCommitOn() {
        var bob = consumer("/queue/a", "");
        publish("/queue/a", "1");
        bob.sends("BEGIN\ntransaction:t\n\n^@");
        nack(bob, bob.next("1"), "transaction:t\nredelivery-delay:300\n");
        pass(Duration.ofSeconds(1));
        bob.sends("COMMIT\ntransaction:t\n\n^@");
        comesAfter(bob, 300);
    }

    @Test
    @DisplayName("what waits counts in its queue and in memory, and outlives the connection that gave it back")
    void whatWaitsIsCounted() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxQueueMessages(1)).build());
        publish("/queue/b", "1");
        long held = broker.memoryBytes();
        var bob = consumer("/queue/a", "");
        publish("/queue/a", "1");
        nack(bob, bob.next("1"), "redelivery-delay:5000\n");
        bob.isLost();
        assertThat(broker.memoryBytes()).as("as one that waits for a consumer").isEqualTo(2 * held);
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/a\n\n2^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "queue full", "max_queue_messages");
        comesAfter(consumer("/queue/a", ""), 5000);
    }

    @Test
    @DisplayName("what is lost with its connection comes at once, however often it was delivered")
    void whatIsLostComesAtOnce() {
        publish("/queue/a", "1", "2");
        for (int i = 0; i < 4; i++) {
            var bob = consumer("/queue/a", "");
            assertThat(bob.takeBodies()).containsExactly("1", "2");
            bob.isLost();
        }
    }

    @Test
    @DisplayName("ACK covers nothing that waits, and a queue of many that wait gives them all back")
    void manyWaitAndComeBack() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\nack:client\nprefetch-count:1000\ndestination:/queue/a\n\n^@");
        List<String> bodies =
                IntStream.range(0, 250).mapToObj(Integer::toString).toList();
        var alice = connectTo(otherLoop);
        bodies.forEach(body -> alice.sends("SEND\ndestination:/queue/a\n\n" + body + "^@"));
        var all = bob.takeAll();
        nack(bob, all.get(all.size() - 1), "redelivery-delay:1000\n");
        pass(Duration.ofMillis(990));
        bob.gotNothing();
        pass(Duration.ofMillis(100));
        assertThat(bob.takeBodies()).isEqualTo(bodies);
    }

    @Test
    @DisplayName("without a delay in the options all comes at once")
    void withoutADelayAllComesAtOnce() {
        brokerWith(BrokerOptions.builder()
                .queues(q -> q.redeliveryDelay(Duration.ZERO))
                .build());
        var bob = consumer("/queue/a", "");
        publish("/queue/a", "1");
        for (int i = 0; i < 5; i++) {
            nack(bob, bob.next("1"), "");
        }
        bob.next("1");
    }

    /** The end of each test looks for timers that are left. */
    @Test
    @DisplayName("a long delay keeps no timer behind the connection of a subscription that acknowledges")
    void aLongDelayEndsWithItsConnection() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\nack:client-individual\ndestination:/topic/a\n\n^@");
        connect().sends("SEND\ndestination:/topic/a\n\nhi^@");
        String ack = bob.next("a MESSAGE").header("ack");
        bob.sends("NACK\nid:" + ack + "\nredelivery-delay:31536000000\n\n^@");
        bob.isLost();
        assertThat(broker.memoryBytes()).isZero();
    }
}
