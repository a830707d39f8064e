package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.statistics.Drop;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages with a {@code dedup-id} in transactions. */
class DedupTransactionTest extends BrokerTest {

    private static final String DUPLICATE =
            "RECEIPT\nreceipt-id:r\nmatched:0\ndelivered:0\nqueued:0\ndropped:0\nduplicate:true\n\n^@";
    private static final String RECEIPT = "RECEIPT\nreceipt-id:r\n\n^@";
    private static final String BEGIN = "BEGIN\ntransaction:t\n\n^@";
    private static final String COMMIT = "COMMIT\ntransaction:t\nreceipt:r\n\n^@";
    private static final String ABORT = "ABORT\ntransaction:t\n\n^@";

    private Client bob;

    @BeforeEach
    void subscribe() {
        bob = connectTo(otherLoop);
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
    }

    @AfterEach
    void idsAreForgottenByThemselves() {
        pass(Duration.ofMinutes(4));
    }

    private Client alice() {
        return Clients.connectWith(this, "login:alice");
    }

    private static String send(String id, String body) {
        return "SEND\ndestination:/queue/a\ndedup-id:" + id + "\nreceipt:r\ntransaction:t\n\n" + body + "^@";
    }

    private static String sendNow(String id, String body) {
        return send(id, body).replace("transaction:t\n", "");
    }

    @Test
    void aRepeatWithinOneTransactionIsFoundAtOnce() {
        var alice = alice();
        alice.sends(BEGIN, send("1", "first"), send("1", "second"), COMMIT);
        alice.got(RECEIPT, DUPLICATE, RECEIPT);
        assertThat(bob.takeBodies()).containsExactly("first");
    }

    @Test
    void aRepeatOfWhatIsPublishedIsFoundAtOnce() {
        var alice = alice();
        alice.sends(sendNow("1", "first"));
        alice.takeAll();
        alice.sends(BEGIN, send("1", "second"), send("2", "third"), COMMIT);
        alice.got(DUPLICATE, RECEIPT, RECEIPT);
        assertThat(bob.takeBodies()).containsExactly("first", "third");
    }

    @Test
    void idsCountFromCommitOn() {
        var alice = alice();
        alice.sends(BEGIN, send("1", "first"), COMMIT, sendNow("1", "second"));
        alice.got(RECEIPT, RECEIPT, DUPLICATE);
        assertThat(bob.takeBodies()).containsExactly("first");
    }

    @Test
    void whatAnotherConnectionHasPublishedMeanwhileIsLeftOutAtCommit() {
        var alice = alice();
        var other = alice();
        alice.sends(BEGIN, send("1", "late"), send("2", "new"));
        other.sends(sendNow("1", "first"));
        assertThat(other.next("RECEIPT").find("duplicate")).isNull();
        alice.sends(COMMIT);
        alice.got(RECEIPT, RECEIPT, RECEIPT);
        assertThat(bob.takeBodies()).containsExactly("first", "new");
        assertThat(broker.statistics(0).messages().dropped()).containsEntry(Drop.DUPLICATE, 1L);
    }

    @Test
    void ofTwoTransactionsTheFirstToCommitPublishes() {
        var alice = alice();
        var other = alice();
        alice.sends(BEGIN, send("1", "second"));
        other.sends(BEGIN, send("1", "first"), COMMIT);
        alice.sends(COMMIT);
        assertThat(bob.takeBodies()).containsExactly("first");
    }

    @Test
    void anAbortFreesTheIds() {
        var alice = alice();
        alice.sends(BEGIN, send("1", "first"), ABORT, sendNow("1", "second"));
        assertThat(bob.takeBodies()).containsExactly("second");
    }

    @Test
    void theEndOfTheConnectionFreesTheIds() {
        var alice = alice();
        alice.sends(BEGIN, send("1", "first"));
        alice.isLost();
        alice().sends(sendNow("1", "second"));
        assertThat(bob.takeBodies()).containsExactly("second");
    }

    @Test
    void aCommitThatIsRefusedFreesTheIds() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxQueueMessages(1)).build());
        var alice = alice();
        alice.sends("SEND\ndestination:/queue/a\n\nfull^@", BEGIN, send("1", "first"), COMMIT);
        alice.got(RECEIPT);
        alice.gotError(CloseCode.PROTOCOL_ERROR, "queue full");
        var carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        alice().sends(sendNow("1", "second"));
        assertThat(carol.takeBodies()).containsExactly("full", "second");
    }

    @Test
    void whatIsDelayedInATransactionCountsFromCommitOn() {
        var alice = alice();
        String delayed = send("1", "late").replace("receipt:r\n", "receipt:r\ndelay:1000\n");
        alice.sends(BEGIN, delayed, COMMIT, sendNow("1", "second"));
        alice.got(RECEIPT, RECEIPT, DUPLICATE);
        pass(Duration.ofSeconds(2));
        assertThat(bob.takeBodies()).containsExactly("late");
    }

    @Test
    void aRepeatTakesNoPlaceInATransaction() {
        brokerWith(
                BrokerOptions.builder().limits(l -> l.maxTransactionFrames(2)).build());
        var alice = alice();
        alice.sends(BEGIN, send("1", "x"), send("2", "x"), send("1", "x"));
        alice.got(RECEIPT, RECEIPT, DUPLICATE);
        alice.sends(send("3", "x"));
        alice.gotError(CloseCode.PROTOCOL_ERROR, "transaction too large");
    }
}
