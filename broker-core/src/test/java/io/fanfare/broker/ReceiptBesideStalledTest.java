package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Received;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** RECEIPT means that the effect has taken place, and comes at once, also beside a client that takes nothing. */
class ReceiptBesideStalledTest extends BrokerTest {

    private static final int PREFETCH = 10;
    private static final int MANY = 100;

    /** A consumer that takes nothing of what it is given. */
    private Client stalledConsumer() {
        var stalled = connectTo(otherLoop);
        stalled.stopsReading();
        stalled.sends(
                "SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client-individual\nprefetch-count:" + PREFETCH + "\n\n^@");
        return stalled;
    }

    /** It sends this, and has its RECEIPT at the end of its loop's next turn, whatever other loops do. */
    private Received receiptOf(Client client, String frame) {
        client.feeds(frame);
        loop.takeTurn();
        return client.got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    /** What the queue holds for no consumer. */
    private List<String> ready() {
        var browser = connect();
        browser.sends("SUBSCRIBE\nid:b\ndestination:/queue/a\nbrowser:true\n\n^@");
        List<Received> all = browser.takeAll();
        browser.isLost();
        return all.stream()
                .filter(each -> !each.has("browser"))
                .map(Received::text)
                .toList();
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    @Test
    @DisplayName("SEND: the message is in the queue")
    void afterTheReceiptOfASendTheMessageIsInTheQueue() {
        var stalled = stalledConsumer();
        var alice = connect();
        for (int i = 0; i < MANY; i++) {
            Received receipt = receiptOf(alice, "SEND\ndestination:/queue/a\nreceipt:r\n\n" + i + "^@");
            assertThat(receipt.find(i < PREFETCH ? "delivered" : "queued"))
                    .as("of %d", i)
                    .isEqualTo("1");
            if (i % 20 == 19) {
                assertThat(ready()).isEqualTo(numbers(PREFETCH, i + 1));
            }
        }
        stalled.isLost();
        assertThat(ready()).isEqualTo(numbers(0, MANY));
        consumeAll(MANY);
    }

    @Test
    @DisplayName("COMMIT: all messages of the transaction are in the queue")
    void afterTheReceiptOfACommitAllMessagesAreInTheQueue() {
        var stalled = stalledConsumer();
        var alice = connect();
        alice.sends("BEGIN\ntransaction:t\n\n^@");
        for (int i = 0; i < MANY; i++) {
            alice.sends("SEND\ndestination:/queue/a\ntransaction:t\n\n" + i + "^@");
        }
        assertThat(ready()).isEmpty();
        receiptOf(alice, "COMMIT\ntransaction:t\nreceipt:r\n\n^@");
        assertThat(ready()).isEqualTo(numbers(PREFETCH, MANY));
        stalled.isLost();
        consumeAll(MANY);
    }

    @Test
    @DisplayName("ACK: the message never comes again; NACK: another consumer may have it")
    void afterTheReceiptOfAnAckTheMessageIsSettled() {
        var stalled = stalledConsumer();
        var alice = connect();
        for (int i = 0; i < PREFETCH + 2; i++) {
            alice.sends("SEND\ndestination:/queue/a\n\n" + i + "^@");
        }
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client-individual\nprefetch-count:2\n\n^@");
        List<Received> got = bob.takeAll();
        assertThat(got).extracting(Received::text).isEqualTo(numbers(PREFETCH, PREFETCH + 2));
        receiptOf(bob, "ACK\nid:" + got.get(0).header("ack") + "\nreceipt:r\n\n^@");
        bob.feeds("UNSUBSCRIBE\nid:0\n\n^@");
        receiptOf(bob, "NACK\nid:" + got.get(1).header("ack") + "\nreceipt:r\n\n^@");
        assertThat(ready()).containsExactly(String.valueOf(PREFETCH + 1));
        bob.isLost();
        stalled.isLost();
        assertThat(ready()).doesNotContain(String.valueOf(PREFETCH)).hasSize(PREFETCH + 1);
        consumeAll(PREFETCH + 1);
    }

    @Test
    @DisplayName("SEND to a topic: the message has been handed to all subscriptions, in one order")
    void afterTheReceiptOfASendATopicHasHandedTheMessageOut() {
        var stalled = connectTo(otherLoop);
        stalled.stopsReading();
        var reader = connectTo(otherLoop);
        for (Client each : List.of(stalled, reader)) {
            each.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        }
        var alice = connect();
        for (int i = 0; i < MANY; i++) {
            Received receipt = receiptOf(alice, "SEND\ndestination:/topic/a\nreceipt:r\n\n" + i + "^@");
            assertThat(receipt.header("delivered")).isEqualTo("2");
            otherLoop.takeTurn();
            reader.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\n" + i + "^@");
        }
        // its UNSUBSCRIBE is a barrier: what was handed to it before comes, and nothing after that
        stalled.feeds("UNSUBSCRIBE\nid:0\nreceipt:r\n\n^@");
        alice.sends("SEND\ndestination:/topic/a\n\ntoo late^@");
        stalled.reads();
        List<Received> all = stalled.takeAll();
        assertThat(all).hasSize(MANY + 1);
        assertThat(all.get(MANY).command()).isEqualTo("RECEIPT");
    }

    /** A consumer takes what is left. */
    private void consumeAll(int count) {
        var carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        assertThat(carol.takeAll()).hasSize(count);
    }
}
