package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.testing.HandBackplane;
import io.fanfare.testing.HandQueues;
import io.fanfare.testing.Received;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions whose messages, or the messages that they acknowledge, are kept outside of the broker. */
class SharedTransactionTest extends BrokerTest {

    private static final String SHARED = "/queue/shared";
    private static final String BEGIN = "BEGIN\ntransaction:t\n\n^@";
    private static final String COMMIT = "COMMIT\ntransaction:t\nreceipt:c\n\n^@";

    private final List<HandBackplane> nodes = new ArrayList<>();
    private final HandBackplane here = new HandBackplane("n1", nodes);
    private final HandQueues queues = here.shared();
    private Client bob;
    private Received message;

    /** Bob, to whom refusals are told, has a message of the shared queue. */
    @BeforeEach
    void bobHasAMessage() {
        brokerWith(BrokerOptions.builder().backplane(here).build());
        bob = Clients.connectWith(this, "soft-errors:true");
        bob.sends("SUBSCRIBE\nid:0\nack:client-individual\ndestination:" + SHARED + "\n\n^@");
        connect().sends("SEND\ndestination:" + SHARED + "\n\nquestion^@");
        here.keeps();
        queues.handOut();
        settle();
        message = bob.next("the message");
    }

    private static String send(String destination) {
        return "SEND\ndestination:" + destination + "\ntransaction:t\n\nanswer^@";
    }

    private String ack(String more) {
        return "ACK\nid:" + message.header("ack") + "\n" + more + "\n^@";
    }

    private void isRefused() {
        assertThat(bob.next("a refusal").header("error-code")).isEqualTo("queue-unavailable");
        bob.gotNothing();
    }

    @Test
    void whatACommitThatIsRefusedLaterWasToSettleWaitsAgain() {
        bob.sends(BEGIN, ack("transaction:t\n"), send(SHARED), COMMIT);
        here.refuses("queue unavailable");
        settle();
        isRefused();
        assertThat(queues.ends).isEmpty();
        bob.sends(ack("receipt:r\n"));
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(queues.ends).containsExactly("1 settled");
    }

    @Test
    void aCommitWhoseMessageIsKeptAfterItsConnectionHasEndedSettlesNothing() {
        bob.sends(BEGIN, ack("transaction:t\n"), send(SHARED), COMMIT);
        bob.isLost();
        here.keeps();
        settle();
        assertThat(queues.ends).containsExactly("1 given back for 0");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCommitWhoseAckIsNotConfirmedIsTold(boolean sends) {
        queues.holdsEnds = true;
        bob.sends(BEGIN, ack("transaction:t\n"), sends ? send(SHARED) : "", COMMIT);
        if (sends) {
            here.keeps();
            settle();
        }
        bob.gotNothing();
        queues.unconfirmed.remove().completeExceptionally(new ProtocolException("queue unavailable", "not reached"));
        settle();
        isRefused();
    }

    @Test
    void withoutSoftErrorsACommitWhoseAckIsNotConfirmedEndsTheConnection() {
        Client carol = connect();
        bob.isLost();
        carol.sends("SUBSCRIBE\nid:0\nack:client-individual\ndestination:" + SHARED + "\n\n^@");
        queues.handOut();
        settle();
        message = carol.next("the message");
        queues.holdsEnds = true;
        carol.sends(BEGIN, ack("transaction:t\n"), send(SHARED), COMMIT);
        here.keeps();
        settle();
        queues.unconfirmed.remove().completeExceptionally(new ProtocolException("queue unavailable", "not reached"));
        settle();
        assertThat(carol.gotError(CloseCode.PROTOCOL_ERROR, "queue unavailable", "not reached")
                        .header("receipt-id"))
                .isEqualTo("c");
    }

    @Test
    void aCommitOfLiveMessagesIsAnsweredWhenTheyAreOnTheirWay() {
        here.holdsForwarded = true;
        bob.sends(BEGIN, send("/topic/a"), COMMIT);
        bob.gotNothing();
        here.forwarded.remove().complete(2);
        settle();
        bob.got("RECEIPT\nreceipt-id:c\n\n^@");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCommitOfALiveMessageAndAnAckIsAnsweredWhenBothAreKnown(boolean ackFirst) {
        here.holdsForwarded = true;
        queues.holdsEnds = true;
        bob.sends(BEGIN, send("/topic/a"), ack("transaction:t\n"), COMMIT);
        Runnable confirm = () -> queues.unconfirmed.remove().complete(null);
        Runnable forward = () -> here.forwarded.remove().complete(2);
        (ackFirst ? confirm : forward).run();
        settle();
        bob.gotNothing();
        (ackFirst ? forward : confirm).run();
        settle();
        bob.got("RECEIPT\nreceipt-id:c\n\n^@");
    }

    @Test
    void aCommitOfAMessageThatStaysHereIsAnsweredWhenItsAckIsConfirmed() {
        queues.holdsEnds = true;
        bob.sends(BEGIN, send("/temp-queue/mine"), ack("transaction:t\n"), COMMIT);
        bob.gotNothing();
        queues.unconfirmed.remove().complete(null);
        settle();
        bob.got("RECEIPT\nreceipt-id:c\n\n^@");
    }
}
