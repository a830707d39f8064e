package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Framing;
import io.fanfare.message.Outcome;
import io.fanfare.testing.HandBackplane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several brokers with a backplane between them, and answers that wait for it. */
class BackplaneTest extends BrokerTest {

    private final List<HandBackplane> nodes = new ArrayList<>();
    private final HandBackplane here = new HandBackplane("n1", nodes);
    private final HandBackplane there = new HandBackplane("n2", nodes);
    private Broker other;
    private Client alice;

    @BeforeEach
    void twoNodes() {
        brokerWith(BrokerOptions.builder().backplane(there).build());
        other = broker;
        brokerWith(BrokerOptions.builder().backplane(here).build());
        alice = connect();
    }

    private Client atOtherNode() {
        Broker first = broker;
        broker = other;
        Client client = connect("1.2", Framing.TCP, otherLoop);
        broker = first;
        return client;
    }

    private static String send(String destination, String receipt) {
        return "SEND\ndestination:" + destination + "\nreceipt:" + receipt + "\n\nbody-" + receipt + "^@";
    }

    private static List<String> receipts(Client client) {
        return client.takeAll().stream().map(each -> each.find("receipt-id")).toList();
    }

    @Test
    void aLiveMessageReachesSubscribersOfAllNodes() {
        Client bob = atOtherNode();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a.*\n\n^@");
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/a.b\n\n^@", send("/topic/a.b", "r"));
        assertThat(bob.takeBodies()).containsExactly("body-r");
        assertThat(alice.takeAll()).extracting("command").containsExactlyInAnyOrder("RECEIPT", "MESSAGE");
    }

    @Test
    void theReceiptOfALiveMessageWaitsUntilItIsOnItsWayAndNamesTheNodes() {
        here.holdsForwarded = true;
        alice.sends(send("/topic/a", "r"));
        alice.gotNothing();
        here.forwarded.remove().complete(2);
        settle();
        assertThat(alice.next("the RECEIPT").headers()).contains("receipt-id:r", "dropped:1", "nodes:2");
    }

    @Test
    void withoutAReceiptNothingWaits() {
        here.holdsForwarded = true;
        alice.sends("SEND\ndestination:/topic/a\n\n^@");
        assertThat(here.forwarded).isEmpty();
    }

    @Test
    void usersHaveTheirTopicsAtAllNodes() {
        Broker first = broker;
        broker = other;
        Client bob = Clients.connectWith(this, "login:bob");
        broker = first;
        bob.sends("SUBSCRIBE\nid:0\ndestination:/user/queue/news\n\n^@");
        alice.sends(send("/user/bob/queue/news", "r"));
        assertThat(bob.takeBodies()).containsExactly("body-r");
        alice.takeAll();
    }

    @Test
    void answersComeInTheOrderOfTheirFrames() {
        alice.sends(
                send("/queue/shared", "1"),
                send("/topic/a", "2"),
                "SUBSCRIBE\nid:0\ndestination:/topic/b\nreceipt:3\n\n^@",
                send("/topic/kept", "4"),
                "BEGIN\ntransaction:t\nreceipt:5\n\n^@",
                "ABORT\ntransaction:t\nreceipt:6\n\n^@",
                "UNSUBSCRIBE\nid:0\nreceipt:7\n\n^@");
        alice.gotNothing();
        var first = here.appends.remove();
        here.keeps();
        settle();
        alice.gotNothing();
        first.complete(Outcome.NOTHING);
        settle();
        assertThat(receipts(alice)).containsExactly("1", "2", "3", "4", "5", "6", "7");
    }

    @Test
    void disconnectIsAnsweredBehindWhatWaits() {
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        alice.sends(send("/queue/shared", "1"), "DISCONNECT\nreceipt:2\n\n^@", send("/topic/a", "3"));
        alice.gotNothing();
        bob.gotNothing();
        here.keeps();
        settle();
        assertThat(receipts(alice)).containsExactly("1", "2");
        alice.wasClosed(CloseCode.NORMAL);
        bob.gotNothing();
    }

    @Test
    void aMessageThatIsRefusedLaterEndsTheConnectionOfItsSenderAlone() {
        Client carol = connect();
        alice.sends(send("/queue/shared", "1"));
        carol.sends(send("/queue/shared", "2"));
        here.refuses("queue unavailable");
        here.keeps();
        settle();
        assertThat(alice.gotError(CloseCode.PROTOCOL_ERROR, "queue unavailable", "not reached")
                        .find("receipt-id"))
                .isEqualTo("1");
        assertThat(receipts(carol)).containsExactly("2");
    }

    @Test
    void aMessageWithoutAReceiptThatIsRefusedLaterIsTold() {
        alice.sends("SEND\ndestination:/queue/shared\n\n^@");
        here.refuses("queue unavailable");
        settle();
        alice.gotError(CloseCode.PROTOCOL_ERROR, "queue unavailable", "not reached");
    }

    @Test
    void withSoftErrorsTheConnectionGoesOn() {
        Client carol = open();
        carol.sends("CONNECT\naccept-version:1.2\nhost:h\nsoft-errors:true\n\n^@");
        carol.takeAll();
        carol.sends(send("/queue/shared", "1"), send("/queue/mine", "2"), send("/topic/a", "3"));
        carol.gotNothing();
        here.refuses("queue unavailable");
        settle();
        assertThat(receipts(carol)).containsExactly("1", "2", "3");
    }

    @Test
    void aRefusalThatComesWhenItsClientHasGoneIsToldNobody() {
        Client bob = Clients.connectWith(this, "soft-errors:true");
        bob.sends(send("/queue/shared", "1"));
        bob.isLost();
        here.refuses("queue unavailable");
        settle();
        assertThat(broker.softErrorCount()).isZero();
    }

    @Test
    void aClientWithManyFramesThatWaitIsNotReadFrom() {
        for (int i = 0; i < 1023; i++) {
            alice.feeds(send("/queue/shared", "r" + i));
        }
        settle();
        assertThat(alice.connection().isSuspended()).isFalse();
        alice.sends(send("/queue/shared", "one more"));
        assertThat(alice.connection().isSuspended()).isTrue();
        alice.sends(send("/topic/a", "behind"));
        while (here.appends.size() > 512) {
            assertThat(alice.connection().isSuspended()).isTrue();
            here.keeps();
            settle();
        }
        assertThat(alice.connection().isSuspended()).isFalse();
        while (!here.appends.isEmpty()) {
            here.keeps();
        }
        settle();
        assertThat(receipts(alice)).hasSize(1025).last().isEqualTo("behind");
    }

    @Test
    void whatIsKeptElsewhereIsNotDelayedAndNotPartOfALargerTransaction() {
        alice.sends("SEND\ndestination:/queue/shared\ndelay:1000\n\n^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "delay not available", "/queue/shared");
        Client carol = connect();
        carol.sends(
                "BEGIN\ntransaction:t\n\n^@",
                "SEND\ndestination:/queue/shared\ntransaction:t\n\n^@",
                "SEND\ndestination:/topic/kept\ntransaction:t\n\n^@",
                "COMMIT\ntransaction:t\n\n^@");
        carol.gotError(CloseCode.PROTOCOL_ERROR, "transaction not available", "one by one");
        assertThat(here.appends).isEmpty();
    }

    @Test
    void aTransactionIsAnsweredWhenItsMessageIsKept() {
        alice.sends(
                "BEGIN\ntransaction:t\n\n^@",
                "SEND\ndestination:/queue/shared\ntransaction:t\n\n^@",
                "SEND\ndestination:/topic/a\ntransaction:t\n\n^@",
                "COMMIT\ntransaction:t\nreceipt:c\n\n^@");
        alice.gotNothing();
        here.keeps();
        settle();
        assertThat(receipts(alice)).containsExactly("c");
    }

    @Test
    void theReceiptOfACommitWaitsUntilItsLiveMessagesAreOnTheirWay() {
        here.holdsForwarded = true;
        String transaction = "BEGIN\ntransaction:t\n\n^@SEND\ndestination:/topic/a\ntransaction:t\n\n^@";
        alice.sends(transaction + "COMMIT\ntransaction:t\n\n^@");
        assertThat(here.forwarded).as("nobody waits for it").isEmpty();
        alice.sends(transaction + "COMMIT\ntransaction:t\nreceipt:c\n\n^@");
        alice.gotNothing();
        here.forwarded.remove().complete(2);
        settle();
        assertThat(receipts(alice)).containsExactly("c");
    }

    @Test
    void theIdOfAMessageThatIsRefusedLaterIsFree() {
        Client carol = open();
        carol.sends("CONNECT\naccept-version:1.2\nhost:h\nsoft-errors:true\n\n^@");
        carol.takeAll();
        String frame = "SEND\ndestination:/queue/shared\ndedup-id:1\nreceipt:r\n\n^@";
        carol.sends(frame);
        here.refuses("queue unavailable");
        settle();
        carol.sends(frame);
        assertThat(here.appends).hasSize(1);
        here.keeps();
        settle();
        carol.sends(frame);
        assertThat(here.appends).isEmpty();
        assertThat(receipts(carol)).containsExactly("r", "r", "r");
        pass(Duration.ofMinutes(4));
    }

    @Test
    void aQueueThatIsNotSharedIsRefused() {
        alice.sends(send("/queue/mine", "1"));
        alice.gotError(CloseCode.PROTOCOL_ERROR, "queue not shared", "queues.shared");
    }

    @Test
    void anAnswerFindsTheConnectionThatAskedAtAnotherNode() {
        Client bob = atOtherNode();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/questions\n\n^@");
        alice.sends("SEND\ndestination:/topic/questions\nreply-to:/temp-queue/answers\n\nwhat?^@");
        String replyTo = bob.next("the question").find("reply-to");
        assertThat(replyTo).contains("n1-");
        bob.sends("SEND\ndestination:" + replyTo + "\n\nthat^@");
        assertThat(alice.takeBodies()).containsExactly("that");
    }

    @Test
    void afterALossClientsOfTopicsConnectAgainAndOthersStay() {
        Client bob = connect();
        Client carol = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        carol.sends("SUBSCRIBE\nid:0\ndestination:/temp-queue/a\n\n^@");
        here.local().lost("messages of another node were lost");
        settle();
        bob.gotError(CloseCode.RESTARTING, "messages of another node were lost");
        carol.gotNothing();
        assertThat(carol.connection().isLost()).isFalse();
    }
}
