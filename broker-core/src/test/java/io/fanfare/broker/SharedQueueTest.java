package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Queues that several nodes share: what consumers get of them, and what becomes of it. */
class SharedQueueTest extends SharedQueueBrokerTest {

    @Test
    void aMessageGoesToAConsumerOfAnyNodeAndTheReceiptOfItsAckWaitsUntilTheEngineConfirms() {
        Client bob = atOtherNode();
        consumes(bob, "client-individual", "");
        publish("a");
        Received message = bob.next("a");
        assertThat(message.text()).isEqualTo("a");
        assertThat(message.has("redelivered")).isFalse();
        queues.holdsEnds = true;
        bob.sends(ack(message, "receipt:r\n"), "SEND\ndestination:/topic/a\nreceipt:s\n\n^@");
        bob.gotNothing();
        queues.unconfirmed.remove().complete(null);
        settle();
        assertThat(bob.takeAll()).extracting(each -> each.find("receipt-id")).containsExactly("r", "s");
        assertThat(queues.ends).containsExactly("1 settled");
    }

    @Test
    void anAckThatIsNotConfirmedIsTold() {
        consumes(alice, "client-individual", "");
        publish("a", "b");
        List<Received> messages = alice.takeAll();
        queues.holdsEnds = true;
        alice.sends(ack(messages.get(0), ""), ack(messages.get(1), "receipt:r\n"));
        queues.unconfirmed.remove().completeExceptionally(new ProtocolException("queue unavailable", "a"));
        settle();
        alice.gotNothing();
        queues.unconfirmed.remove().completeExceptionally(new ProtocolException("queue unavailable", "b"));
        settle();
        alice.gotError(CloseCode.PROTOCOL_ERROR, "queue unavailable", "b");
    }

    @Test
    void aNodeTakesAsManyMessagesAsItsConsumersHaveCreditFor() {
        Client bob = connect();
        consumes(bob, "client-individual", "prefetch-count:2\n");
        consumes(alice, "client-individual", "prefetch-count:3\n");
        assertThat(queues.wanted("shared")).containsExactly(5);
        publish("1", "2", "3", "4", "5", "6");
        assertThat(queues.wanted("shared")).containsExactly(0);
        List<Received> messages = bob.takeAll();
        assertThat(messages).hasSize(2);
        bob.sends(ack(messages.get(0), ""));
        assertThat(queues.wanted("shared")).containsExactly(1);
        handOut();
        assertThat(bob.takeBodies()).containsExactly("6");
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@");
        alice.sends("UNSUBSCRIBE\nid:0\n\n^@");
        assertThat(queues.wanted("shared")).containsExactly(0);
        bob.isLost();
        alice.isLost();
        assertThat(queues.wanted("shared")).isEmpty();
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    void whatComesWithoutCreditIsGivenBack() {
        consumes(alice, "client-individual", "prefetch-count:1\n");
        publish("1");
        alice.takeAll();
        alice.sends("UNSUBSCRIBE\nid:0\n\n^@");
        queues.handLate("shared");
        assertThat(queues.ends).containsExactly("1 given back for 0");
    }

    @Test
    void whatANackGivesBackComesAgainWithItsCountAtAnyNodeAndLaterEachTime() {
        consumes(alice, "client-individual", "prefetch-count:1\n");
        publish("a");
        nack(alice, alice.next("a"), "");
        alice.sends("UNSUBSCRIBE\nid:0\n\n^@");
        Client bob = atOtherNode();
        consumes(bob, "client-individual", "");
        handOut();
        Received again = bob.next("a");
        assertThat(again.headers()).contains("redelivered:true", "delivery-count:2");
        nack(bob, again, "");
        handOut();
        again = bob.next("a");
        nack(bob, again, "redelivery-delay:7\n");
        assertThat(queues.ends).containsExactly("1 given back for 0", "1 given back for 100", "1 given back for 7");
    }

    @Test
    void whatHasExpiredIsDiscarded() {
        alice.sends("SEND\ndestination:" + SHARED + "\nttl:1\n\na^@");
        here.keeps();
        clock.pass(Duration.ofMillis(2));
        consumes(alice, "auto", "");
        handOut();
        alice.gotNothing();
        assertThat(queues.ends).containsExactly("1 discarded");
    }

    @Test
    void withAckAutoAMessageIsSettledWhenTheSocketHasIt() {
        alice.stopsReading();
        consumes(alice, "auto", "");
        publish("a");
        assertThat(queues.ends).isEmpty();
        alice.reads();
        assertThat(queues.ends).containsExactly("1 settled");
        assertThat(alice.takeBodies()).containsExactly("a");
    }

    @Test
    void withAckClientAnAckSettlesWhatCameBeforeToo() {
        consumes(alice, "client", "");
        publish("1", "2", "3");
        List<Received> messages = alice.takeAll();
        queues.holdsEnds = true;
        alice.sends(ack(messages.get(1), "receipt:r\n"));
        assertThat(queues.ends).containsExactly("1 settled", "2 settled");
        queues.unconfirmed.remove().complete(null);
        settle();
        alice.gotNothing();
        queues.unconfirmed.remove().complete(null);
        settle();
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @Test
    void aConsumerThatGoesGivesBackAtOnceAndAfterUnsubscribeItKeepsWhatItHas() {
        Client bob = connect();
        consumes(bob, "client-individual", "");
        publish("1", "2");
        List<Received> messages = bob.takeAll();
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@");
        assertThat(queues.ends).isEmpty();
        bob.sends(ack(messages.get(1), ""));
        bob.isLost();
        assertThat(queues.ends).containsExactly("2 settled", "1 given back for 0");
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    void aCommitIsAnsweredWhenItsAcksAreConfirmed() {
        consumes(alice, "client-individual", "");
        publish("1", "2");
        List<Received> messages = alice.takeAll();
        queues.holdsEnds = true;
        alice.sends(
                "BEGIN\ntransaction:t\n\n^@",
                ack(messages.get(0), "transaction:t\n"),
                "SEND\ndestination:" + SHARED + "\ntransaction:t\n\nanswer^@",
                ack(messages.get(1), "transaction:t\n"));
        assertThat(queues.ends).isEmpty();
        alice.sends("COMMIT\ntransaction:t\nreceipt:c\n\n^@");
        assertThat(queues.ends).as("before the message is kept").isEmpty();
        here.keeps();
        settle();
        assertThat(queues.ends).containsExactly("1 settled", "2 settled");
        alice.gotNothing();
        queues.unconfirmed.forEach(each -> each.complete(null));
        settle();
        alice.got("RECEIPT\nreceipt-id:c\n\n^@");
    }

    @Test
    void aCommitOfAcksAloneWaitsForThem() {
        consumes(alice, "client-individual", "");
        publish("1");
        Received message = alice.next("1");
        queues.holdsEnds = true;
        alice.sends(
                "BEGIN\ntransaction:t\n\n^@",
                ack(message, "transaction:t\n"),
                "COMMIT\ntransaction:t\nreceipt:c\n\n^@");
        alice.gotNothing();
        queues.unconfirmed.remove().complete(null);
        settle();
        alice.got("RECEIPT\nreceipt-id:c\n\n^@");
    }

    @Test
    void aRepeatAtAnotherNodeIsFoundByItsIdAndItsUser() {
        String frame = "SEND\ndestination:" + SHARED + "\ndedup-id:1\nreceipt:r\n\n^@";
        Broker first = broker;
        broker = other;
        Client bob = Clients.connectWith(this, "login:bob");
        broker = first;
        Client bobHere = Clients.connectWith(this, "login:bob");
        Client carol = Clients.connectWith(this, "login:carol");
        for (Client each : List.of(bob, bobHere, carol)) {
            each.sends(frame);
            (each == bob ? nodes.get(1) : here).keeps();
            settle();
        }
        assertThat(bob.next("RECEIPT").has("duplicate")).isFalse();
        assertThat(bobHere.next("RECEIPT").header("duplicate")).isEqualTo("true");
        assertThat(carol.next("RECEIPT").has("duplicate")).isFalse();
        // until no node remembers the ids
        pass(Duration.ofMinutes(4));
    }
}
