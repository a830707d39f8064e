package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionTest extends BrokerTest {

    private static String send(String destination, String transaction, String body) {
        return "SEND\ndestination:" + destination + "\ntransaction:" + transaction + "\n\n" + body + "^@";
    }

    private Client subscriber(String destination) {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\nack:client-individual\ndestination:" + destination + "\n\n^@");
        return bob;
    }

    @ParameterizedTest
    @DisplayName("item 109: BEGIN, COMMIT and ABORT need a transaction")
    @ValueSource(strings = {"BEGIN", "COMMIT", "ABORT"})
    void theyNeedATransaction(String command) {
        var alice = connect();
        alice.sends(command + "\nreceipt:r\n\n^@");
        var error = alice.gotError(CloseCode.PROTOCOL_ERROR, "missing transaction", command);
        assertThat(error.header("receipt-id")).isEqualTo("r");
    }

    @ParameterizedTest
    @DisplayName("item 109: COMMIT and ABORT of what is not open is an ERROR")
    @CsvSource({"COMMIT,''", "ABORT,''", "COMMIT,COMMIT", "COMMIT,ABORT", "ABORT,COMMIT", "ABORT,ABORT"})
    void whatIsNotOpenIsAnError(String command, String before) {
        var alice = connect();
        if (!before.isEmpty()) {
            alice.sends("BEGIN\ntransaction:t\n\n^@" + before + "\ntransaction:t\n\n^@");
        }
        alice.sends(command + "\ntransaction:t\n\n^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "no such transaction", "'t'");
    }

    @Test
    @DisplayName("item 109, case 61: BEGIN of what is open is an ERROR")
    void beginningTwiceIsAnError() {
        var alice = connect();
        alice.sends("BEGIN\ntransaction:t\n\n^@BEGIN\ntransaction:t\n\n^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "duplicate transaction", "'t'");
    }

    @Test
    @DisplayName("item 109: a transaction's id may be used again")
    void anIdMayBeUsedAgain() {
        var alice = connect();
        var bob = subscriber("/topic/a");
        alice.sends("BEGIN\ntransaction:t\n\n^@", send("/topic/a", "t", "1"), "ABORT\ntransaction:t\n\n^@");
        alice.sends("BEGIN\ntransaction:t\n\n^@", send("/topic/a", "t", "2"), "COMMIT\ntransaction:t\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("2");
    }

    @ParameterizedTest
    @DisplayName("item 110: nothing is to be seen before COMMIT, then all, together and in order")
    @ValueSource(strings = {"/topic/a", "/queue/a"})
    void allIsSeenAtCommit(String destination) {
        var alice = connect();
        var bob = subscriber(destination);
        alice.sends("BEGIN\ntransaction:t\n\n^@", send(destination, "t", "1"), send(destination, "t", "2"));
        alice.sends("SEND\ndestination:" + destination + "\n\nbetween^@", send(destination, "t", "3"));
        assertThat(bob.takeBodies()).containsExactly("between");
        alice.sends("COMMIT\ntransaction:t\nreceipt:r\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("1", "2", "3");
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @Test
    @DisplayName("item 110: after ABORT there is nothing")
    void nothingIsSeenAfterAbort() {
        var alice = connect();
        var bob = subscriber("/topic/a");
        alice.sends("BEGIN\ntransaction:t\n\n^@", send("/topic/a", "t", "1"), "ABORT\ntransaction:t\nreceipt:r\n\n^@");
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.gotNothing();
    }

    @Test
    @DisplayName("a transaction's messages go by priority, to a consumer that waits for them too")
    void aTransactionsMessagesGoByPriority() {
        var alice = connect();
        var bob = subscriber("/queue/a");
        alice.sends("BEGIN\ntransaction:t\n\n^@", send("/queue/a", "t", "1"));
        alice.sends("SEND\ndestination:/queue/a\ntransaction:t\npriority:7\n\n2^@");
        alice.sends("COMMIT\ntransaction:t\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("2", "1");
    }

    @Test
    @DisplayName("item 110: transactions that are open together do not mix")
    void transactionsDoNotMix() {
        var alice = connect();
        var bob = subscriber("/queue/a");
        alice.sends("BEGIN\ntransaction:s\n\n^@BEGIN\ntransaction:t\n\n^@");
        alice.sends(send("/queue/a", "s", "s1"), send("/queue/a", "t", "t1"), send("/queue/a", "s", "s2"));
        alice.sends("COMMIT\ntransaction:t\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("t1");
        alice.sends("COMMIT\ntransaction:s\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("s1", "s2");
    }

    @Test
    @DisplayName("a SEND, ACK or NACK in a transaction has its RECEIPT at once (PROTOCOL.md)")
    void receiptsInATransactionComeAtOnce() {
        var bob = subscriber("/queue/a");
        bob.sends("SEND\ndestination:/queue/a\n\n1^@SEND\ndestination:/queue/a\n\n2^@");
        var first = bob.next("1");
        var second = bob.next("2");
        bob.sends(
                "BEGIN\ntransaction:t\nreceipt:b\n\n^@", "SEND\ndestination:/queue/a\ntransaction:t\nreceipt:s\n\n3^@");
        bob.sends("ACK\nid:" + first.header("ack") + "\ntransaction:t\nreceipt:a\n\n^@");
        bob.sends("NACK\nid:" + second.header("ack") + "\ntransaction:t\nreceipt:n\n\n^@");
        bob.got("RECEIPT\nreceipt-id:b\n\n^@", "RECEIPT\nreceipt-id:s\n\n^@");
        bob.got("RECEIPT\nreceipt-id:a\n\n^@", "RECEIPT\nreceipt-id:n\n\n^@");
        bob.gotNothing();
    }

    @Test
    @DisplayName("item 111: ACK and NACK take effect at COMMIT")
    void ackAndNackTakeEffectAtCommit() {
        brokerWith(BrokerOptions.builder().queues(q -> q.prefetch(2)).build());
        var bob = subscriber("/queue/a");
        connect()
                .sends(
                        "SEND\ndestination:/queue/a\n\n1^@SEND\ndestination:/queue/a\n\n2^@SEND\ndestination:/queue/a\n\n3^@");
        var first = bob.next("1");
        var second = bob.next("2");
        bob.sends("BEGIN\ntransaction:t\n\n^@ACK\nid:" + first.header("ack") + "\ntransaction:t\n\n^@");
        bob.sends("NACK\nid:" + second.header("ack") + "\ntransaction:t\n\n^@");
        bob.gotNothing();
        bob.sends("COMMIT\ntransaction:t\n\n^@");
        assertThat(bob.takeBodies()).containsExactlyInAnyOrder("3", "2");
    }

    @ParameterizedTest
    @DisplayName("item 111: after ABORT they wait again")
    @ValueSource(strings = {"ACK", "NACK"})
    void afterAbortTheyWaitAgain(String command) {
        var bob = subscriber("/queue/a");
        connect().sends("SEND\ndestination:/queue/a\n\n1^@");
        String ack = bob.next("1").header("ack");
        bob.sends("BEGIN\ntransaction:t\n\n^@" + command + "\nid:" + ack + "\ntransaction:t\n\n^@");
        bob.sends("ABORT\ntransaction:t\n\n^@");
        bob.gotNothing();
        bob.sends("ACK\nid:" + ack + "\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.isLost();
        assertThat(broker.queueCount()).isZero();
    }

    @ParameterizedTest
    @DisplayName("item 112, case 61: DISCONNECT, an ERROR or a lost socket aborts what is open")
    @ValueSource(strings = {"DISCONNECT\n\n^@", "nonsense\n\n^@", ""})
    void theEndAbortsWhatIsOpen(String end) {
        var alice = connect();
        var bob = subscriber("/queue/a");
        bob.sends("SEND\ndestination:/queue/a\n\n1^@");
        bob.sends("BEGIN\ntransaction:t\n\n^@ACK\nid:" + bob.next("1").header("ack") + "\ntransaction:t\n\n^@");
        bob.sends(send("/queue/a", "t", "2"), end);
        bob.isLost();
        alice.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        assertThat(alice.takeBodies()).containsExactly("1");
    }

    @Test
    @DisplayName("item 112: one id on two connections is two transactions")
    void idsBelongToTheirConnection() {
        var alice = connect();
        var bob = subscriber("/topic/a");
        bob.sends("BEGIN\ntransaction:t\n\n^@");
        alice.sends("BEGIN\ntransaction:t\n\n^@", send("/topic/a", "t", "1"));
        bob.sends("COMMIT\ntransaction:t\n\n^@");
        bob.gotNothing();
        alice.sends("COMMIT\ntransaction:t\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("1");
    }

    @Test
    @DisplayName("item 83, case 62: a COMMIT that can't be done is an ERROR with its receipt")
    void aCommitThatCantBeDoneIsAnError() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxQueueMessages(1)).build());
        var alice = connect();
        alice.sends("BEGIN\ntransaction:t\n\n^@", send("/queue/a", "t", "1"), send("/queue/a", "t", "2"));
        alice.sends("COMMIT\ntransaction:t\nreceipt:r\n\n^@");
        var error = alice.gotError(CloseCode.PROTOCOL_ERROR, "queue full", "max_queue_messages");
        assertThat(error.header("receipt-id")).isEqualTo("r");
    }

    @ParameterizedTest
    @DisplayName("item 110: a destination gets its messages in the order sent, whatever else they were sent to")
    @ValueSource(strings = {"/topic/a", "/queue/a"})
    void orderHoldsBesideCompositeDestinations(String destination) {
        var alice = connect();
        var bob = subscriber(destination);
        alice.sends(
                "BEGIN\ntransaction:t\n\n^@",
                send(destination, "t", "1"),
                send(destination + ",/topic/b", "t", "2"),
                send(destination, "t", "3"),
                "COMMIT\ntransaction:t\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("1", "2", "3");
    }

    @Test
    @DisplayName("an ACK behind one of its transaction that covers it too settles nothing more")
    void anAckThatAnotherCoversSettlesNothingMore() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\nack:client\ndestination:/queue/a\n\n^@");
        connect().sends("SEND\ndestination:/queue/a\n\nx^@".repeat(3));
        var messages = bob.takeAll();
        bob.sends("BEGIN\ntransaction:t\n\n^@");
        for (int each : new int[] {1, 0}) {
            bob.sends("ACK\nid:" + messages.get(each).header("ack") + "\ntransaction:t\n\n^@");
        }
        bob.sends("COMMIT\ntransaction:t\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(broker.inspection().queue("/queue/a").orElseThrow().unacknowledged())
                .isEqualTo(1);
        bob.sends("ACK\nid:" + messages.get(2).header("ack") + "\nreceipt:s\n\n^@");
        bob.got("RECEIPT\nreceipt-id:s\n\n^@");
    }

    @Test
    @DisplayName("a COMMIT that finds no room leaves no empty queue behind")
    void aCommitWithoutRoomLeavesNoEmptyQueue() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxQueueMessages(1)).build());
        var alice = connect();
        alice.sends(
                "BEGIN\ntransaction:t\n\n^@",
                send("/queue/a", "t", "1"),
                send("/queue/b", "t", "2"),
                send("/queue/b", "t", "3"),
                "COMMIT\ntransaction:t\n\n^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "queue full", "/queue/b");
        assertThat(broker.queueCount()).isZero();
    }

    @ParameterizedTest
    @DisplayName("a message has one ACK or NACK in open transactions, and none beside them")
    @ValueSource(strings = {"transaction:t\n", "transaction:u\n", ""})
    void noOtherAckMayComeForIt(String second) {
        var bob = subscriber("/queue/a");
        connect().sends("SEND\ndestination:/queue/a\n\n1^@");
        String id = bob.takeAll().get(0).header("ack");
        bob.sends("BEGIN\ntransaction:t\n\n^@BEGIN\ntransaction:u\n\n^@");
        bob.sends("ACK\nid:" + id + "\ntransaction:t\n\n^@", "ACK\nid:" + id + "\n" + second + "\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "nothing to acknowledge", id);
    }

    @Test
    @DisplayName("ACKs count toward max_transaction_frames, too")
    void acksCountAsFramesOfATransaction() {
        brokerWith(
                BrokerOptions.builder().limits(l -> l.maxTransactionFrames(2)).build());
        var bob = subscriber("/queue/a");
        for (int i = 0; i < 3; i++) {
            connect().sends("SEND\ndestination:/queue/a\n\n" + i + "^@");
        }
        bob.sends("BEGIN\ntransaction:t\n\n^@");
        for (var message : bob.takeAll()) {
            bob.sends("ACK\nid:" + message.header("ack") + "\ntransaction:t\n\n^@");
        }
        bob.gotError(CloseCode.PROTOCOL_ERROR, "transaction too large", "max_transaction_frames");
    }
}
