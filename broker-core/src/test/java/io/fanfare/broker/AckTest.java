package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What ACK and NACK settle, seen from what the queue gives to the next consumer. */
class AckTest extends AckBrokerTest {

    @ParameterizedTest
    @DisplayName("item 101, case 55: a delivery is acknowledged once")
    @CsvSource({"1.2,ACK,ACK", "1.2,ACK,NACK", "1.1,ACK,ACK", "1.1,ACK,NACK"})
    void aDeliveryIsAcknowledgedOnce(String version, String first, String second) {
        var bob = consumer(version, "client-individual");
        publish(1);
        String naming = naming(version, bob.next("a MESSAGE"));
        bob.sends(first + "\n" + naming + "\n^@" + second + "\n" + naming + "\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "nothing to acknowledge", second);
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    @DisplayName("item 104: client-individual works in 1.0, which does not know it")
    void in10ClientIndividualCoversOneDelivery() {
        var bob = consumer("1.0", "client-individual");
        publish(2);
        var messages = bob.takeAll();
        bob.sends("ACK\n" + naming("1.0", messages.get(1)) + "\n^@");
        bob.isLost();
        assertThat(leftIn("/queue/a")).containsExactly("1");
    }

    @Test
    @DisplayName("item 103: client covers what came before on its subscription, and on no other")
    void clientCoversWhatCameBeforeOnItsSubscription() {
        var bob = consumer("1.2", "client");
        bob.sends("SUBSCRIBE\nid:1\nack:client\ndestination:/queue/b\n\n^@");
        publish(3);
        connect().sends("SEND\ndestination:/queue/b\n\nother^@");
        var messages = bob.takeAll();
        assertThat(messages).extracting(Received::text).containsExactly("1", "2", "3", "other");
        bob.sends("ACK\n" + naming("1.2", messages.get(1)) + "\n^@");
        bob.isLost();
        assertThat(leftIn("/queue/a")).containsExactly("3");
        assertThat(leftIn("/queue/b")).containsExactly("other");
    }

    @ParameterizedTest
    @DisplayName("what a later ACK has covered is not settled again by the transaction that has an ACK or NACK for it")
    @ValueSource(strings = {"ACK", "NACK"})
    void whatALaterAckHasCoveredIsNotSettledAgain(String inTransaction) {
        var bob = consumer("1.2", "client");
        publish(3);
        var messages = bob.takeAll();
        bob.sends("BEGIN\ntransaction:t\n\n^@");
        bob.sends(inTransaction + "\n" + naming("1.2", messages.get(0)) + "transaction:t\n\n^@");
        bob.sends("ACK\n" + naming("1.2", messages.get(1)) + "\n^@", "COMMIT\ntransaction:t\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.isLost();
        assertThat(leftIn("/queue/a")).containsExactly("3");
    }

    @Test
    @DisplayName("item 104: client-individual covers one delivery")
    void clientIndividualCoversOneDelivery() {
        var bob = consumer("1.2", "client-individual");
        publish(4);
        var messages = bob.takeAll();
        bob.sends("ACK\n" + naming("1.2", messages.get(3)) + "\n^@ACK\n" + naming("1.2", messages.get(1)) + "\n^@");
        bob.isLost();
        assertThat(leftIn("/queue/a")).containsExactly("1", "3");
    }

    @Test
    @DisplayName("item 105: NACK covers what ACK would")
    void nackCoversWhatAckWould() {
        var bob = consumer("1.1", "client");
        publish(3);
        var messages = bob.takeAll();
        bob.sends("NACK\n" + naming("1.1", messages.get(1)) + "\n^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\nredelivered:true\ndelivery-count:2\n\n1^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\nredelivered:true\ndelivery-count:2\n\n2^@");
        bob.gotNothing();
    }

    @Test
    @DisplayName("item 106: NACK gives the message back, to be delivered again, and counted")
    void nackGivesBack() {
        var bob = consumer("1.2", "client-individual");
        publish(2);
        var message = bob.next("a MESSAGE");
        bob.next("the other one");
        for (int delivery = 2; delivery <= 3; delivery++) {
            bob.sends("NACK\n" + naming("1.2", message) + "\n^@");
            pass(Duration.ofMillis(120));
            var again =
                    bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\nack:*\nredelivered:true\ndelivery-count:"
                            + delivery + "\n\n1^@");
            assertThat(again.header("message-id")).isEqualTo(message.header("message-id"));
            assertThat(again.header("ack")).isNotEqualTo(message.header("ack"));
            message = again;
        }
    }

    @Test
    @DisplayName("item 106: what NACK gives back goes before what is newer")
    void whatIsGivenBackGoesFirst() {
        brokerWith(BrokerOptions.builder().queues(q -> q.prefetch(2)).build());
        var bob = consumer("1.2", "client-individual");
        publish(4);
        var first = bob.next("1");
        var second = bob.next("2");
        bob.gotNothing();
        bob.sends("NACK\n" + naming("1.2", second) + "\n^@NACK\n" + naming("1.2", first) + "\n^@");
        // the NACK of 2 made room for one, which was 2 again; then came 1
        assertThat(bob.takeBodies()).containsExactly("2", "1");
    }

    @ParameterizedTest
    @DisplayName("item 107: there is nothing to acknowledge on an auto subscription")
    @CsvSource({"1.0", "1.1", "1.2"})
    void onAutoThereIsNothingToAcknowledge(String version) {
        var bob = consumer(version, "auto");
        publish(1);
        var message = bob.next("a MESSAGE");
        assertThat(message.find("ack")).isNull();
        bob.sends("ACK\nid:" + message.header("message-id") + "\nmessage-id:" + message.header("message-id")
                + "\nsubscription:0\n\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "nothing to acknowledge");
    }

    @ParameterizedTest
    @DisplayName("items 101, 104: a topic's messages are acknowledged like a queue's")
    @ValueSource(strings = {"client", "client-individual"})
    void aTopicsMessagesAreAcknowledgedToo(String mode) {
        brokerWith(BrokerOptions.builder().queues(q -> q.prefetch(2)).build());
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\nack:" + mode + "\ndestination:/topic/a\n\n^@");
        IntStream.rangeClosed(1, 3).forEach(i -> connect().sends("SEND\ndestination:/topic/a\n\n" + i + "^@"));
        var first = bob.next("1");
        bob.next("2");
        bob.gotNothing();
        bob.sends("ACK\nid:" + first.header("ack") + "\n\n^@");
        var third = bob.got("MESSAGE\nsubscription:0\nack:*\ndestination:/topic/a\n\n3^@");
        bob.sends("NACK\nid:" + third.header("ack") + "\n\n^@");
        assertThat(bob.takeAll()).allMatch(each -> each.header("redelivered").equals("true"));
    }

    @Test
    @DisplayName("item 101, case 57, advisory 17: what was delivered before UNSUBSCRIBE can be settled after it")
    void whatWasDeliveredCanBeSettledAfterUnsubscribe() {
        var bob = consumer("1.2", "client-individual");
        publish(3);
        var messages = bob.takeAll();
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@");
        bob.sends("ACK\n" + naming("1.2", messages.get(0)) + "\n^@NACK\n" + naming("1.2", messages.get(1)) + "\n^@");
        assertThat(leftIn("/queue/a")).as("3 is still bob's").containsExactly("2");
        bob.isOpen();
    }

    @Test
    @DisplayName("item 122: a queue that is empty and unused goes, also when its last message is settled last")
    void aQueueGoesWithTheLastAck() {
        var bob = consumer("1.2", "client");
        publish(1);
        var message = bob.next("a MESSAGE");
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@");
        assertThat(broker.queueCount()).isEqualTo(1);
        bob.sends("ACK\n" + naming("1.2", message) + "\n^@");
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    @DisplayName("item 122: a queue that is empty and unused goes, also when its last message leaves after UNSUBSCRIBE")
    void aQueueGoesWithTheLastAutoMessage() {
        var bob = consumer("1.2", "auto");
        bob.stopsReading();
        publish(1);
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@");
        bob.reads();
        bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\n\n1^@");
        assertThat(broker.queueCount()).isZero();
    }
}
