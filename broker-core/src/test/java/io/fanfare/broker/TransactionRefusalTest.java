package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused in a transaction, or with it, and what it leaves to the client then. */
class TransactionRefusalTest extends BrokerTest {

    private static final String BEGIN = "BEGIN\ntransaction:t\n\n^@";
    private static final String COMMIT = "COMMIT\ntransaction:t\n\n^@";

    private Client bob;
    private String ack;

    /** Bob, to whom refusals are told, has a message of /queue/a. */
    private void bobHasAMessage(BrokerOptions.Builder options) {
        brokerWith(options.build());
        bob = Clients.connectWith(this, "soft-errors:true");
        bob.sends("SUBSCRIBE\nid:0\nack:client-individual\ndestination:/queue/a\n\n^@");
        connect().sends("SEND\ndestination:/queue/a\n\n1^@");
        ack = bob.next("the message").header("ack");
    }

    private String settles(String command, String more) {
        return command + "\nid:" + ack + "\n" + more + "\n^@";
    }

    private void isRefused(String code) {
        assertThat(bob.next("a refusal").header("error-code")).isEqualTo(code);
        bob.gotNothing();
    }

    private void bobMayAcknowledge() {
        bob.sends(settles("ACK", "receipt:r\n"));
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.isLost();
        assertThat(broker.queueCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ACK", "NACK"})
    void whatARefusedCommitWasToSettleWaitsAgain(String command) {
        bobHasAMessage(BrokerOptions.builder().queues(q -> q.maxQueueMessages(1)));
        bob.sends(
                BEGIN,
                settles(command, "transaction:t\n"),
                "SEND\ndestination:/queue/b\ntransaction:t\n\n1^@",
                "SEND\ndestination:/queue/b\ntransaction:t\n\n2^@",
                COMMIT);
        isRefused("queue-full");
        bobMayAcknowledge();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ACK", "NACK"})
    void noOtherAckOrNackComesForADeliveryThatAnOpenTransactionSettles(String command) {
        bobHasAMessage(BrokerOptions.builder());
        bob.sends(BEGIN, "BEGIN\ntransaction:u\n\n^@", settles("NACK", "transaction:t\n"));
        for (String more : new String[] {"", "transaction:t\n", "transaction:u\n"}) {
            bob.sends(settles(command, more));
            isRefused("nothing-to-acknowledge");
        }
        bob.sends("ABORT\ntransaction:t\n\n^@");
        bobMayAcknowledge();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ACK", "NACK"})
    void acksAndNacksCountAmongTheFramesOfATransaction(String command) {
        bobHasAMessage(BrokerOptions.builder().limits(l -> l.maxTransactionFrames(1)));
        bob.sends(BEGIN, "SEND\ndestination:/topic/a\ntransaction:t\n\n^@", settles(command, "transaction:t\n"));
        isRefused("transaction-too-large");
        bobMayAcknowledge();
    }

    @Test
    void aTransactionOfAcksAloneIsAsLargeAsItsAcks() {
        bobHasAMessage(BrokerOptions.builder().limits(l -> l.maxTransactionFrames(1)));
        bob.sends(BEGIN, settles("ACK", "transaction:t\n"), "SEND\ndestination:/topic/a\ntransaction:t\n\n^@");
        isRefused("transaction-too-large");
        bob.sends(COMMIT);
        bob.isLost();
        assertThat(broker.queueCount()).isZero();
    }
}
