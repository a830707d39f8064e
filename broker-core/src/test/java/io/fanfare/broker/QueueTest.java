package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.testing.Received;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueueTest extends BrokerTest {

    private void publish(int from, int to) {
        var alice = connect();
        StringBuilder frames = new StringBuilder();
        IntStream.rangeClosed(from, to).forEach(i -> frames.append("SEND\ndestination:/queue/a\n\n" + i + "^@"));
        alice.sends(frames.toString());
    }

    private static void consume(Client client, String mode) {
        client.sends("SUBSCRIBE\nid:0\nack:" + mode + "\ndestination:/queue/a\n\n^@");
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
    }

    @Test
    void aMessageWaitsForItsConsumer() {
        publish(1, 3);
        assertThat(broker.queueCount()).isEqualTo(1);
        var bob = connect();
        consume(bob, "auto");
        assertThat(bob.takeBodies()).containsExactly("1", "2", "3");
        bob.isLost();
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    void consumersTakeTurns() {
        var bob = connect();
        var carol = connectTo(otherLoop);
        consume(bob, "client");
        consume(carol, "client");
        publish(1, 6);
        assertThat(bob.takeBodies()).containsExactly("1", "3", "5");
        assertThat(carol.takeBodies()).containsExactly("2", "4", "6");
    }

    @Test
    @DisplayName("item 125: prefetch bounds what waits for an ACK, and others get the rest")
    void prefetchBoundsWhatWaitsForAnAck() {
        brokerWith(BrokerOptions.builder().queues(q -> q.prefetch(2)).build());
        var bob = connect();
        var carol = connectTo(otherLoop);
        consume(bob, "client");
        publish(1, 5);
        var toBob = bob.takeAll();
        assertThat(toBob).extracting(Received::text).containsExactly("1", "2");
        consume(carol, "client-individual");
        assertThat(carol.takeBodies()).containsExactly("3", "4");
        bob.sends("ACK\nid:" + toBob.get(1).header("ack") + "\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("5");
    }

    @Test
    @DisplayName("item 125: with ack:auto, prefetch bounds what waits for the socket")
    void withAutoPrefetchBoundsWhatWaitsForTheSocket() {
        brokerWith(BrokerOptions.builder().queues(q -> q.prefetch(3)).build());
        var bob = connect();
        var carol = connect();
        consume(bob, "auto");
        bob.stopsReading();
        publish(1, 10);
        consume(carol, "auto");
        assertThat(carol.takeBodies()).isEqualTo(numbers(4, 10));
        bob.reads();
        assertThat(bob.takeBodies()).containsExactly("1", "2", "3");
        publish(11, 20);
        assertThat(bob.takeBodies()).as("bob has credit again").isNotEmpty();
    }

    @Test
    @DisplayName("item 108: with ack:auto, what the socket had not taken when it was lost goes to another, flagged")
    void withAutoWhatTheSocketHadNotTakenGoesToAnother() {
        var bob = connect();
        consume(bob, "auto");
        publish(1, 2);
        assertThat(bob.takeBodies()).containsExactly("1", "2");
        bob.stopsReading();
        publish(3, 4);
        bob.isLost();
        assertThat(broker.queueCount()).isEqualTo(1);
        var carol = connectTo(otherLoop);
        carol.sends("SUBSCRIBE\nid:7\ndestination:/queue/a\n\n^@");
        carol.got("MESSAGE\nsubscription:7\ndestination:/queue/a\nredelivered:true\ndelivery-count:2\n\n3^@");
        carol.got("MESSAGE\nsubscription:7\ndestination:/queue/a\nredelivered:true\ndelivery-count:2\n\n4^@");
        assertThat(carol.takeAll()).isEmpty();
    }

    @Test
    @DisplayName("item 108: with ack:auto, one whose socket has taken half a message has not got it")
    void withAutoHalfAMessageIsNone() {
        var bob = connect();
        consume(bob, "auto");
        bob.connection().room(20);
        publish(1, 2);
        bob.isLost();
        var carol = connectTo(otherLoop);
        consume(carol, "auto");
        assertThat(carol.takeBodies()).containsExactly("1", "2");
    }

    @Test
    @DisplayName("item 120: with ack:auto, what is on its way at DISCONNECT arrives, and goes to nobody else")
    void withAutoWhatIsOnItsWayAtDisconnectArrives() {
        var bob = connect();
        consume(bob, "auto");
        bob.stopsReading();
        publish(1, 2);
        bob.sends("DISCONNECT\nreceipt:bye\n\n^@");
        var carol = connectTo(otherLoop);
        consume(carol, "auto");
        assertThat(carol.takeAll()).isEmpty();
        bob.reads();
        assertThat(bob.takeBodies()).startsWith("1", "2");
        assertThat(carol.takeAll()).isEmpty();
    }

    @Test
    @DisplayName("item 120: with ack:auto, what was on its way at DISCONNECT and never arrived goes to another")
    void withAutoWhatNeverLeftAfterDisconnectGoesToAnother() {
        var bob = connect();
        consume(bob, "auto");
        bob.stopsReading();
        publish(1, 2);
        bob.sends("DISCONNECT\nreceipt:bye\n\n^@");
        var carol = connectTo(otherLoop);
        consume(carol, "auto");
        bob.isLost();
        assertThat(carol.takeBodies()).containsExactly("1", "2");
    }

    @ParameterizedTest
    @DisplayName("item 108, case 60: what a lost consumer had not settled goes to another, first, and flagged")
    @ValueSource(strings = {"client", "client-individual"})
    void whatALostConsumerHadGoesToAnother(String mode) {
        brokerWith(BrokerOptions.builder().queues(q -> q.prefetch(3)).build());
        var bob = connect();
        consume(bob, mode);
        publish(1, 5);
        var toBob = bob.takeAll();
        bob.sends("ACK\nid:" + toBob.get(0).header("ack") + "\n\n^@");
        bob.next("4");
        bob.isLost();
        var carol = connectTo(otherLoop);
        carol.sends("SUBSCRIBE\nid:7\ndestination:/queue/a\n\n^@");
        carol.got("MESSAGE\nsubscription:7\ndestination:/queue/a\nredelivered:true\ndelivery-count:2\n\n2^@");
        carol.got("MESSAGE\nsubscription:7\ndestination:/queue/a\nredelivered:true\ndelivery-count:2\n\n3^@");
        carol.got("MESSAGE\nsubscription:7\ndestination:/queue/a\nredelivered:true\ndelivery-count:2\n\n4^@");
        carol.got("MESSAGE\nsubscription:7\ndestination:/queue/a\n\n5^@");
    }

    @Test
    @DisplayName("item 108: DISCONNECT gives back, too")
    void disconnectGivesBackToo() {
        var bob = connect();
        consume(bob, "client");
        publish(1, 2);
        bob.sends("DISCONNECT\n\n^@");
        var carol = connect();
        consume(carol, "auto");
        assertThat(carol.takeBodies()).containsExactly("1", "2");
    }

    @Test
    @DisplayName("item 108: two that are lost at once give back in the queue's order")
    void severalGiveBackInOrder() {
        var consumers = List.of(connect(), connectTo(otherLoop), connect());
        consumers.forEach(each -> consume(each, "client"));
        publish(1, 30);
        consumers.forEach(each -> each.loop().run(each.connection()::abort));
        settle();
        publish(31, 32);
        var last = connect();
        consume(last, "auto");
        assertThat(last.takeBodies()).isEqualTo(numbers(1, 32));
    }

    @ParameterizedTest
    @DisplayName("item 101: what a transaction will settle can't be settled again, in it or beside it")
    @CsvSource({"ACK,ACK,t", "ACK,ACK,", "ACK,NACK,", "NACK,NACK,t", "NACK,ACK,"})
    void whatATransactionWillSettleCantBeSettledAgain(String first, String second, @Nullable String transaction) {
        var bob = connect();
        consume(bob, "client-individual");
        publish(1, 2);
        String naming = "id:" + bob.next("1").header("ack") + "\n";
        bob.next("2");
        bob.sends("BEGIN\ntransaction:t\n\n^@" + first + "\n" + naming + "transaction:t\n\n^@" + second + "\n" + naming
                + (transaction == null ? "" : "transaction:" + transaction + "\n") + "\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "nothing to acknowledge");
        var last = connect();
        consume(last, "auto");
        assertThat(last.takeBodies()).as("the transaction is aborted").containsExactly("1", "2");
        last.isLost();
        assertThat(broker.queueCount()).as("its count of messages is right").isZero();
    }

    @Test
    @DisplayName("item 111: a cumulative ACK beside a transaction settles what the transaction would have, once")
    void aCumulativeAckBesideATransactionSettlesOnce() {
        var bob = connect();
        consume(bob, "client");
        publish(1, 3);
        String first = bob.next("1").header("ack");
        String second = bob.next("2").header("ack");
        bob.next("3");
        bob.sends("BEGIN\ntransaction:t\n\n^@NACK\nid:" + first + "\ntransaction:t\n\n^@ACK\nid:" + second
                + "\n\n^@COMMIT\ntransaction:t\n\n^@");
        bob.isLost();
        var last = connect();
        consume(last, "auto");
        assertThat(last.takeBodies()).containsExactly("3");
        last.isLost();
        assertThat(broker.queueCount()).as("its count of messages is right").isZero();
    }

    @Test
    @DisplayName("item 122: settled messages are forgotten, also behind one that is not")
    void settledMessagesAreForgotten() {
        var bob = connect();
        consume(bob, "client-individual");
        publish(1, 1);
        bob.next("the one that stays");
        List<WeakReference<byte[]>> bodies = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            byte[] body = new byte[100_000];
            bodies.add(new WeakReference<>(body));
            broker.publish("/queue/a", io.fanfare.frame.Headers.EMPTY, body);
            settle();
            bob.sends("ACK\nid:" + bob.next("a MESSAGE").header("ack") + "\n\n^@");
        }
        System.gc();
        assertThat(bodies.stream().filter(each -> each.get() != null))
                .as("bodies still held")
                .isEmpty();
    }
}
