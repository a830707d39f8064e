package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.testing.Received;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Subscriptions to topics that acknowledge. */
class TopicAckTest extends BrokerTest {

    private static final String SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:/topic/a\n";
    private static final String SEND = "SEND\ndestination:/topic/a\n\n";

    @Test
    @DisplayName("item 98: a topic's MESSAGE has an ack, too, when it is to be acknowledged")
    void messagesWaitForTheirAck() {
        var bob = connect();
        bob.sends(SUBSCRIBE + "ack:client-individual\nprefetch-count:1\n\n^@");
        connect().sends(SEND + "1^@" + SEND + "2^@");
        var first = bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nack:*\n\n1^@");
        bob.gotNothing();
        bob.sends("ACK\nid:" + first.header("ack") + "\n\n^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nack:*\n\n2^@");
    }

    @Test
    void eachSubscriptionHasItsOwnToAcknowledge() {
        var bob = connect();
        var carol = connectTo(otherLoop);
        bob.sends(SUBSCRIBE + "ack:client\n\n^@");
        carol.sends(SUBSCRIBE + "ack:client\n\n^@");
        connect().sends(SEND + "1^@");
        var toBob = bob.takeAll().get(0);
        bob.sends("ACK\nid:" + toBob.header("ack") + "\n\n^@");
        var toCarol = carol.takeAll().get(0);
        assertThat(toCarol.header("message-id")).isEqualTo(toBob.header("message-id"));
        carol.sends("NACK\nid:" + toCarol.header("ack") + "\n\n^@");
        carol.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nack:*\nredelivered:true\ndelivery-count:2\n\n1^@");
        bob.gotNothing();
    }

    @Test
    @DisplayName("item 106: a topic has no dead letters: what is rejected is gone")
    void whatIsRejectedIsGone() {
        var bob = connect();
        bob.sends(SUBSCRIBE + "ack:client\n\n^@");
        connect().sends(SEND + "1^@");
        bob.sends("NACK\nid:" + bob.takeAll().get(0).header("ack") + "\nrequeue:false\n\n^@");
        bob.gotNothing();
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    void withItsConnectionAllIsGone() {
        var bob = connect();
        bob.sends(SUBSCRIBE + "ack:client\n\n^@");
        connect().sends(SEND + "1^@");
        bob.isLost();
        assertThat(broker.topicCount() + broker.queueCount()).isZero();
    }

    @Test
    void whatWaitsForAFullSocketIsGoneWithItsSubscription() {
        brokerWith(BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(10_000)).build());
        var bob = connect();
        bob.sends(SUBSCRIBE + "ack:client\n\n^@");
        bob.stopsReading();
        connect().sends((SEND + "x".repeat(1_000) + "^@").repeat(20));
        bob.sends("UNSUBSCRIBE\nid:0\nreceipt:r\n\n^@");
        bob.reads();
        List<Received> all = bob.takeAll();
        assertThat(all).as("half of an outbox is for messages").hasSize(6);
        assertThat(all.get(5).command()).isEqualTo("RECEIPT");
    }

    @Test
    void whatHasNotBeenDeliveredIsForgottenWithItsSubscription() {
        var bob = connect();
        bob.sends(SUBSCRIBE + "ack:client\nprefetch-count:1\n\n^@");
        connect().sends(SEND + "1^@" + SEND + "2^@" + SEND + "3^@");
        var first = bob.takeAll().get(0);
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@");
        bob.sends("ACK\nid:" + first.header("ack") + "\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(broker.memoryBytes()).isZero();
    }

    @Test
    void selectorsPatternsAndNoLocalWorkAsEver() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/*\nack:client\nselector:x = 1\nno-local:true\n\n^@");
        bob.sends("SEND\ndestination:/topic/a\nx:1\n\nmine^@");
        connect().sends("SEND\ndestination:/topic/a\nx:2\n\nno^@SEND\ndestination:/topic/a\nx:1\n\nyes^@");
        assertThat(bob.takeBodies()).containsExactly("yes");
    }

    @Test
    @DisplayName("item 126: who acknowledges too little is too slow in the end")
    void whoAcknowledgesTooLittleIsTooSlow() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxQueueMessages(3)).build());
        var bob = connect();
        var carol = connect();
        bob.sends(SUBSCRIBE + "ack:client\n\n^@");
        carol.sends(SUBSCRIBE + "\n^@");
        var alice = connect();
        alice.sends(SEND + "1^@" + SEND + "2^@" + SEND + "3^@");
        assertThat(bob.takeBodies()).hasSize(3);
        alice.sends(SEND + "4^@");
        bob.gotError(CloseCode.OVERLOAD, "too slow", "max_queue_messages");
        assertThat(carol.takeBodies()).containsExactly("1", "2", "3", "4");
        alice.isOpen();
    }
}
