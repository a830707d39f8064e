package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.LongJobs;
import io.fanfare.statistics.QueueStatistics;
import io.fanfare.testing.Received;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** An ACK that covers very many messages: some are settled in each turn, and nobody sees a difference but in time. */
class AckTurnsTest extends BrokerTest {

    private static final int MANY = 10_000;

    /** What is settled at once, and the steps of a turn's long jobs. */
    private static final int MOST_IN_A_TURN = 2 * LongJobs.STEPS_PER_TURN;

    private Client alice;
    private Client bob;
    private List<Received> delivered;

    private void deliver(int count) {
        alice = connect();
        bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client\nprefetch-count:" + MANY + "\n\n^@");
        publish(0, count);
        delivered = bob.takeAll();
        assertThat(delivered).hasSize(count);
    }

    private void publish(int from, int to) {
        for (int i = from; i < to; i++) {
            alice.feeds("SEND\ndestination:/queue/a\n\n" + i + "^@");
        }
        settle();
    }

    private int unsettled() {
        QueueStatistics only = broker.statistics(1).queues().get(0);
        return only.unacknowledged();
    }

    private String ack(int number) {
        return "ACK\nid:" + delivered.get(number).header("ack") + "\n";
    }

    @Test
    @DisplayName("a turn settles a bounded number, and the RECEIPT comes when all are settled")
    void theReceiptComesWhenAllAreSettled() {
        deliver(MANY);
        bob.feeds(ack(MANY - 1) + "receipt:r\n\n^@");
        int before = MANY;
        int turns = 0;
        while (loop.isAwake()) {
            if (unsettled() > 0) {
                bob.gotNothing();
            }
            assertThat(before - unsettled()).as("settled by turn %d", turns).isLessThanOrEqualTo(MOST_IN_A_TURN);
            before = unsettled();
            loop.takeTurn();
            turns++;
        }
        assertThat(turns).isGreaterThan(MANY / MOST_IN_A_TURN);
        assertThat(unsettled()).isZero();
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @Test
    @DisplayName("what the client sends next is done behind it")
    void whatTheClientSendsNextIsDoneBehind() {
        deliver(MANY);
        bob.feeds(ack(MANY - 2) + "\n^@");
        bob.feeds(ack(MANY - 1) + "receipt:r\n\n^@UNSUBSCRIBE\nid:0\nreceipt:s\n\n^@");
        loop.takeTurn();
        assertThat(unsettled()).isPositive();
        bob.gotNothing();
        settle();
        bob.got("RECEIPT\nreceipt-id:r\n\n^@", "RECEIPT\nreceipt-id:s\n\n^@");
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    @DisplayName("a second ACK of what the first one covers is an ERROR, as ever")
    void aSecondAckOfTheSameIsAnError() {
        deliver(MANY);
        bob.sends(ack(MANY - 1) + "\n^@" + ack(MANY - 2) + "\n^@");
        bob.got("ERROR\nmessage:nothing to acknowledge\n*\n\n*^@");
    }

    @Test
    @DisplayName("what a client has acknowledged comes to no other when its connection is lost in between")
    void aConnectionThatIsLostInBetween() {
        deliver(MANY);
        bob.feeds(ack(MANY - 2) + "receipt:r\n\n^@");
        loop.takeTurn();
        assertThat(unsettled()).isGreaterThan(1);
        Client carol = connect();
        carol.isLost();
        bob.loop().run(bob.connection()::abort);
        settle();
        Client dave = connect();
        dave.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        assertThat(dave.takeBodies()).containsExactly(String.valueOf(MANY - 1));
    }

    @Test
    @DisplayName("DISCONNECT behind it waits for it")
    void disconnectBehindIt() {
        deliver(MANY);
        bob.feeds(ack(MANY - 1) + "\n^@DISCONNECT\nreceipt:bye\n\n^@");
        settle();
        bob.got("RECEIPT\nreceipt-id:bye\n\n^@");
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    @DisplayName("the ACKs of a transaction are settled in their order, some in each turn")
    void acksOfATransaction() {
        deliver(MANY);
        bob.sends("BEGIN\ntransaction:t\n\n^@");
        for (int i : List.of(MANY / 2, MANY - 3, MANY - 1)) {
            bob.sends(ack(i) + "transaction:t\n\n^@");
        }
        bob.feeds("COMMIT\ntransaction:t\nreceipt:r\n\n^@");
        loop.takeTurn();
        assertThat(unsettled()).isPositive();
        bob.gotNothing();
        settle();
        assertThat(unsettled()).isZero();
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @Test
    @DisplayName("a NACK that covers as many gives them back together, before what is newer")
    void aNackOfManyGivesThemBackTogether() {
        deliver(MANY);
        Client carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client\nprefetch-count:" + MANY + "\n\n^@");
        bob.feeds("UNSUBSCRIBE\nid:0\n\n^@NACK\nid:" + delivered.get(MANY - 1).header("ack")
                + "\nredelivery-delay:0\n\n^@");
        publish(MANY, MANY + 1);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            all.add(String.valueOf(i));
        }
        assertThat(carol.takeBodies()).isEqualTo(all);
    }
}
