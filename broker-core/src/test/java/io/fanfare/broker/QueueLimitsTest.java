package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class QueueLimitsTest extends BrokerTest {

    private static final String SEND = "SEND\ndestination:/queue/a\n";
    private static final String SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:/queue/a\n";

    @BeforeEach
    void limits() {
        brokerWith(BrokerOptions.builder()
                .queues(q -> q.maxQueueMessages(3).maxQueueBytes(10_000))
                .build());
    }

    @Test
    @DisplayName("item 83, case 65: a queue that holds all it may refuses the next message")
    void aFullQueueRefuses() {
        var alice = connect();
        alice.sends(SEND + "\n1^@" + SEND + "\n2^@" + SEND + "\n3^@");
        alice.isOpen();
        alice.sends(SEND + "receipt:r\n\n4^@");
        var error = alice.gotError(
                CloseCode.PROTOCOL_ERROR,
                "queue full",
                "/queue/a holds 3 messages, its limit is 3 (max_queue_messages)");
        assertThat(error.header("receipt-id")).isEqualTo("r");
        var bob = connect();
        bob.sends(SUBSCRIBE + "\n^@");
        assertThat(bob.takeBodies()).containsExactly("1", "2", "3");
    }

    @Test
    @DisplayName("item 83, case 65: a queue counts bytes, too")
    void aQueueCountsBytes() {
        var alice = connect();
        alice.sends(SEND + "\n" + "x".repeat(6000) + "^@");
        alice.isOpen();
        alice.sends(SEND + "\n" + "x".repeat(6000) + "^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "queue full", "/queue/a", "max_queue_bytes");
    }

    @Test
    @DisplayName("a queue holds bytes up to its limit, and not one more")
    void bytesMayBeUpToTheLimit() {
        String message = SEND + "\n" + "x".repeat(3000) + "^@";
        connect().sends(message);
        long one = broker.inspection().queue("/queue/a").orElseThrow().bytes();
        brokerWith(BrokerOptions.builder().queues(q -> q.maxQueueBytes(2 * one)).build());
        var alice = connect();
        alice.sends(message, message);
        alice.isOpen();
        brokerWith(BrokerOptions.builder()
                .queues(q -> q.maxQueueBytes(2 * one - 1))
                .build());
        alice = connect();
        alice.sends(message, message);
        alice.gotError(CloseCode.PROTOCOL_ERROR, "queue full", "max_queue_bytes");
    }

    @Test
    void headersCountAsBytes() {
        var alice = connect();
        alice.sends(SEND + "x:" + "x".repeat(6000) + "\n\n1^@");
        alice.sends(SEND + "x:" + "x".repeat(6000) + "\n\n2^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "queue full", "max_queue_bytes");
    }

    @Test
    void whatIsDeliveredAndNotSettledCounts() {
        var bob = connect();
        bob.sends(SUBSCRIBE + "ack:client\n\n^@");
        var alice = connect();
        alice.sends(SEND + "\n1^@" + SEND + "\n2^@" + SEND + "\n3^@");
        var messages = bob.takeAll();
        assertThat(messages).hasSize(3);
        connect().sends(SEND + "\nno room^@");
        bob.gotNothing();
        bob.sends("ACK\nid:" + messages.get(0).header("ack") + "\n\n^@");
        alice.sends(SEND + "\n4^@");
        assertThat(bob.takeBodies()).containsExactly("4");
    }

    @Test
    @DisplayName("item 110, case 62: a COMMIT for which a queue has no room does nothing at all")
    void aTransactionThatDoesNotFitDoesNothing() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:t\ndestination:/topic/a\n\n^@SUBSCRIBE\nid:o\ndestination:/queue/other\n\n^@");
        var alice = connect();
        alice.sends(SEND + "\n1^@");
        alice.sends("BEGIN\ntransaction:t\n\n^@SEND\ndestination:/topic/a\ntransaction:t\n\nno^@"
                + "SEND\ndestination:/queue/other\ntransaction:t\n\nno^@");
        for (int i = 2; i <= 4; i++) {
            alice.sends(SEND + "transaction:t\n\n" + i + "^@");
        }
        alice.isOpen();
        alice.sends("COMMIT\ntransaction:t\nreceipt:r\n\n^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "queue full", "/queue/a");
        bob.gotNothing();
        connect().sends(SEND + "\n2^@" + SEND + "\n3^@");
        bob.sends(SUBSCRIBE + "\n^@");
        assertThat(bob.takeBodies()).containsExactly("1", "2", "3");
    }

    @Test
    @DisplayName("item 111, case 62: what a refused COMMIT would have acknowledged is open again")
    void aRefusedCommitAcknowledgesNothing() {
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/work\n\njob^@" + SEND + "\n1^@" + SEND + "\n2^@" + SEND + "\n3^@");
        var bob = Clients.connectWith(this, "soft-errors:true");
        bob.sends("SUBSCRIBE\nid:w\ndestination:/queue/work\nack:client\n\n^@");
        String ack = bob.takeAll().get(0).header("ack");
        bob.sends("BEGIN\ntransaction:t\n\n^@ACK\nid:" + ack + "\ntransaction:t\n\n^@" + SEND
                + "transaction:t\n\n4^@COMMIT\ntransaction:t\n\n^@");
        assertThat(bob.takeAll().get(0).header("error-code")).isEqualTo("queue-full");
        bob.sends("ACK\nid:" + ack + "\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @Test
    @DisplayName("item 122: a queue without messages and consumers is forgotten")
    void anIdleQueueIsForgotten() {
        var bob = connect();
        bob.sends(SUBSCRIBE + "ack:client\n\n^@");
        assertThat(broker.queueCount()).isEqualTo(1);
        connect().sends(SEND + "\n1^@");
        var message = bob.takeAll().get(0);
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@");
        assertThat(broker.queueCount()).as("a message waits for its ACK").isEqualTo(1);
        bob.sends("ACK\nid:" + message.header("ack") + "\n\n^@");
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    void aQueueWithMessagesIsKept() {
        var alice = connect();
        alice.sends(SEND + "\n1^@");
        alice.isLost();
        assertThat(broker.queueCount()).isEqualTo(1);
        var bob = connect();
        bob.sends(SUBSCRIBE + "\n^@");
        bob.isLost();
        assertThat(broker.queueCount()).isZero();
    }
}
