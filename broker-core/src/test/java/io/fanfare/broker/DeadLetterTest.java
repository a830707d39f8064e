package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DeadLetterTest extends BrokerTest {

    private static final String SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client-individual\n\n^@";
    private static final String DEAD = "SUBSCRIBE\nid:d\ndestination:/queue/DLQ.a\nack:client-individual\n\n^@";

    @Test
    @DisplayName("item 106: NACK with requeue:false makes a dead letter")
    void nackWithoutRequeueMakesADeadLetter() {
        connect().sends("SEND\ndestination:/queue/a\nx:y\n\nhi^@");
        var bob = connect();
        bob.sends(SUBSCRIBE);
        var message = bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\nack:*\nx:y\n\nhi^@");
        bob.sends("NACK\nid:" + message.header("ack") + "\nrequeue:false\n\n^@");
        bob.gotNothing();
        var carol = connect();
        carol.sends(DEAD);
        carol.got("MESSAGE\nsubscription:d\ndestination:/queue/DLQ.a\nack:*\nx:y\nx-death-reason:rejected\n"
                + "x-original-destination:/queue/a\nx-delivery-count:1\n\nhi^@");
    }

    @Test
    @DisplayName("item 106, case 59: NACK gives back, up to max-deliveries")
    void whatIsGivenBackTooOftenIsADeadLetter() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxDeliveries(3)).build());
        connect().sends("SEND\ndestination:/queue/a\n\nhi^@");
        var bob = connect();
        bob.sends(SUBSCRIBE);
        var first = bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\nack:*\n\nhi^@");
        bob.sends("NACK\nid:" + first.header("ack") + "\n\n^@");
        var second = bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\nack:*\nredelivered:true\n"
                + "delivery-count:2\n\nhi^@");
        bob.sends("NACK\nid:" + second.header("ack") + "\nrequeue:true\n\n^@");
        pass(Duration.ofMillis(120));
        var third = bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\nack:*\nredelivered:true\n"
                + "delivery-count:3\n\nhi^@");
        assertThat(third.header("message-id")).as("item 97").isEqualTo(first.header("message-id"));
        bob.sends("NACK\nid:" + third.header("ack") + "\n\n^@");
        bob.gotNothing();
        var carol = connect();
        carol.sends(DEAD);
        carol.got("MESSAGE\nsubscription:d\ndestination:/queue/DLQ.a\nack:*\nx-death-reason:max-deliveries\n"
                + "x-original-destination:/queue/a\nx-delivery-count:3\n\nhi^@");
    }

    @Test
    @DisplayName("item 106: the dead letters of a queue with as long a name as the limits allow can be read")
    void theDeadLettersOfALongNameCanBeRead() {
        String name = "a.".repeat(15) + "x".repeat(255 - "/queue/".length() - 30);
        var bob = connect();
        bob.sends("SEND\ndestination:/queue/" + name + "\n\nhi^@");
        bob.sends("SUBSCRIBE\nid:0\nack:client\ndestination:/queue/" + name + "\n\n^@");
        bob.sends("NACK\nid:" + bob.takeAll().get(0).header("ack") + "\nrequeue:false\n\n^@");
        bob.sends("SUBSCRIBE\nid:d\ndestination:/queue/DLQ." + name + "\n\n^@");
        bob.got("MESSAGE\nsubscription:d\ndestination:/queue/DLQ." + name + "\nx-death-reason:rejected\n"
                + "x-original-destination:/queue/" + name + "\nx-delivery-count:1\n\nhi^@");
    }

    @Test
    @DisplayName("item 108, case 59: losing connections count as deliveries, too")
    void connectionsThatAreLostCountAsDeliveries() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxDeliveries(2)).build());
        connect().sends("SEND\ndestination:/queue/a\n\npoison^@");
        for (int i = 0; i < 2; i++) {
            var bob = connect();
            bob.sends(SUBSCRIBE);
            assertThat(bob.takeBodies()).containsExactly("poison");
            bob.isLost();
        }
        var carol = connect();
        carol.sends(SUBSCRIBE + DEAD);
        assertThat(carol.takeAll())
                .extracting(each -> each.header("subscription"))
                .containsExactly("d");
    }

    @Test
    void deadLettersAreNotBuriedTwice() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxDeliveries(1)).build());
        connect().sends("SEND\ndestination:/queue/DLQ.a\n\ndead^@");
        var bob = connect();
        bob.sends(DEAD);
        for (int i = 0; i < 3; i++) {
            var message = bob.takeAll().get(0);
            bob.sends("NACK\nid:" + message.header("ack") + "\n\n^@");
            pass(Duration.ofSeconds(1));
        }
        var last = bob.takeAll().get(0);
        assertThat(last.header("delivery-count")).isEqualTo("4");
        bob.sends("NACK\nid:" + last.header("ack") + "\nrequeue:false\n\n^@");
        bob.gotNothing();
        bob.sends("UNSUBSCRIBE\nid:d\n\n^@");
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    void aDeadLetterHasNoTimeToLive() {
        var alice = connect();
        var bob = connect();
        bob.sends(SUBSCRIBE);
        bob.takeAll();
        // long enough for this machine to deliver it in time
        long ttl = 20;
        List<Received> delivered = List.of();
        while (delivered.isEmpty()) {
            ttl *= 2;
            alice.sends("SEND\ndestination:/queue/a\nttl:" + ttl + "\n\nhi^@");
            delivered = bob.takeAll();
        }
        bob.sends("NACK\nid:" + delivered.get(0).header("ack") + "\nrequeue:false\n\n^@");
        long end = System.currentTimeMillis() + ttl + 5;
        while (System.currentTimeMillis() < end) {
            Thread.onSpinWait();
        }
        bob.sends(DEAD);
        assertThat(bob.takeBodies()).containsExactly("hi");
    }

    @Test
    @DisplayName("item 81: what a dead letter says of itself can't be forged")
    void aDeadLettersHeadersCantBeForged() {
        connect()
                .sends("SEND\ndestination:/queue/a\nx-death-reason:lies\nx-original-destination:/queue/lies\n"
                        + "x-delivery-count:99\n\nhi^@");
        var bob = connect();
        bob.sends(SUBSCRIBE);
        var message = bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\nack:*\n\nhi^@");
        bob.sends("NACK\nid:" + message.header("ack") + "\nrequeue:false\n\n^@" + DEAD);
        bob.got("MESSAGE\nsubscription:d\ndestination:/queue/DLQ.a\nack:*\nx-death-reason:rejected\n"
                + "x-original-destination:/queue/a\nx-delivery-count:1\n\nhi^@");
    }

    @Test
    void aFullDeadLetterQueueLosesTheMessageAndNotTheConsumer() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxQueueMessages(1)).build());
        connect().sends("SEND\ndestination:/queue/DLQ.a\n\nfull^@SEND\ndestination:/queue/a\n\nhi^@");
        var bob = connect();
        bob.sends(SUBSCRIBE);
        var message = bob.takeAll().get(0);
        bob.sends("NACK\nid:" + message.header("ack") + "\nrequeue:false\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.isOpen();
    }

    @Test
    @DisplayName("dead letters come into being where there is no room for another destination: no client names them")
    void deadLettersAreNotHeldAgainstTheLimitOfDestinations() {
        brokerWith(
                BrokerOptions.builder().destinations(d -> d.maxDestinations(1)).build());
        connect().sends("SEND\ndestination:/queue/a\n\nhi^@");
        var bob = connect();
        bob.sends(SUBSCRIBE);
        bob.sends("NACK\nid:" + bob.next("a message").header("ack") + "\nrequeue:false\n\n^@");
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@" + DEAD);
        assertThat(bob.takeBodies()).containsExactly("hi");
        var eve = connect();
        eve.sends("SEND\ndestination:/queue/DLQ.b\n\nhi^@");
        eve.gotError(CloseCode.OVERLOAD, "too many destinations", "max_destinations");
    }
}
