package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Framing;
import io.fanfare.testing.FakeConnection;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DisconnectTest extends BrokerTest {

    @Test
    @DisplayName("item 120: DISCONNECT with a receipt has its RECEIPT, then the connection closes")
    void disconnectHasItsReceipt() {
        var alice = connect();
        alice.connection().room(5);
        alice.sends("DISCONNECT\nreceipt:bye\n\n^@");
        assertThat(alice.connection().isLost())
                .as("over before the RECEIPT is out")
                .isFalse();
        alice.reads();
        alice.got("RECEIPT\nreceipt-id:bye\n\n^@");
        alice.gotNothing();
        alice.wasClosed(CloseCode.NORMAL);
        assertThat(alice.connection().closeReason()).isEmpty();
    }

    @Test
    @DisplayName("item 120: DISCONNECT without a receipt closes")
    void disconnectCloses() {
        var alice = connect();
        alice.sends("DISCONNECT\n\n^@");
        alice.gotNothing();
        alice.wasClosed(CloseCode.NORMAL);
    }

    @Test
    @DisplayName("item 120: what was on its way before DISCONNECT arrives before its RECEIPT")
    void whatWasOnItsWayArrives() {
        var alice = connect();
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        alice.stopsReading();
        alice.sends("SEND\ndestination:/topic/a\n\nhi^@");
        alice.sends("DISCONNECT\nreceipt:bye\n\n^@");
        alice.reads();
        alice.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\nhi^@", "RECEIPT\nreceipt-id:bye\n\n^@");
        alice.wasClosed(CloseCode.NORMAL);
    }

    @Test
    @DisplayName("item 121: frames behind DISCONNECT are ignored")
    void framesBehindDisconnectAreIgnored() {
        var alice = connect();
        alice.sends("DISCONNECT\nreceipt:bye\n\n^@SEND\ndestination:/queue/a\nreceipt:r\n\nhi^@nonsense");
        alice.got("RECEIPT\nreceipt-id:bye\n\n^@");
        alice.gotNothing();
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    @DisplayName("item 122: what a client does not take any more after its DISCONNECT is another consumer's")
    void whatDoesNotLeaveIsAnotherConsumers() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        bob.stopsReading();
        bob.sends("SEND\ndestination:/queue/a\n\nhi^@");
        bob.sends("DISCONNECT\n\n^@");
        var carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        carol.gotNothing();
        bob.isLost();
        assertThat(carol.takeBodies()).containsExactly("hi");
    }

    @Test
    @DisplayName("item 126: a peer that does not read our goodbye is cut")
    void aPeerThatDoesNotReadOurGoodbyeIsCut() {
        var alice = connect();
        alice.stopsReading();
        alice.sends("DISCONNECT\nreceipt:bye\n\n^@");
        pass(Duration.ofMillis(9_999));
        assertThat(alice.connection().isLost()).isFalse();
        pass(Duration.ofMillis(20));
        assertThat(alice.connection().isAborted()).isTrue();
        assertThat(broker.sessionCount()).isZero();
    }

    @Test
    @DisplayName("item 122: what was received before the loss is done")
    void whatWasReceivedBeforeTheLossIsDone() {
        var alice = connect();
        var bob = connectTo(otherLoop);
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        alice.feeds(
                "SEND\ndestination:/topic/a\n\n1^@SEND\ndestination:/topic/a\n\n2^@SEND\ndestination:/topic/a\n\n3");
        alice.isLost();
        assertThat(bob.takeBodies()).containsExactly("1", "2");
    }

    @Test
    @DisplayName("item 122: a lost client's subscriptions are gone")
    void aLostClientsSubscriptionsAreGone() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@SUBSCRIBE\nid:1\ndestination:/topic/b\nack:client\n\n^@"
                + "SUBSCRIBE\nid:2\ndestination:/queue/a\n\n^@");
        assertThat(broker.topicCount()).isEqualTo(2);
        assertThat(broker.queueCount()).isEqualTo(1);
        bob.isLost();
        assertThat(broker.topicCount()).isZero();
        assertThat(broker.queueCount()).isZero();
        assertThat(broker.sessionCount()).isZero();
    }

    @Test
    @DisplayName("item 122: the loss of a connection is told once, however often")
    void theLossIsToldOnce() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        bob.loop().run(() -> {
            bob.session().closed();
            bob.session().closed();
            bob.session().dismiss(CloseCode.GOING_AWAY, "too late");
        });
        settle();
        assertThat(bob.connection().closeCode()).isNull();
        bob.gotNothing();
    }

    @Test
    @DisplayName("item 122, advisory 5: 10,000 clients that come and go leave nothing behind")
    void manyClientsLeaveNothingBehind() {
        for (int i = 0; i < 10_000; i++) {
            FakeConnection connection = new FakeConnection(Framing.TCP, loop, "brief");
            Client brief = new Client(this, "brief", loop, connection);
            loop.run(() -> connection.session(broker.open(loop, connection)));
            brief.feeds("CONNECT\naccept-version:1.2\nheart-beat:10000,10000\n\n^@SUBSCRIBE\nid:0\nack:client\n"
                    + "destination:/topic/" + i + "\n\n^@SUBSCRIBE\nid:1\ndestination:/queue/" + i + "\n\n^@"
                    + "BEGIN\ntransaction:t\n\n^@" + (i % 2 == 0 ? "DISCONNECT\n\n^@" : "SEND"));
            brief.isLost();
        }
        assertThat(broker.sessionCount()).isZero();
        assertThat(broker.topicCount()).isZero();
        assertThat(broker.queueCount()).isZero();
        assertThat(loop.nanosToTimer())
                .as("no timer is left")
                .isEqualTo(Duration.ofDays(1).toNanos());
    }

    @Test
    @DisplayName("item 123: the program may close a session, with a code and a reason")
    void theProgramMayCloseASession() {
        var bob = connect();
        bob.loop().run(() -> bob.session().dismiss(CloseCode.GOING_AWAY, "shutting down"));
        settle();
        bob.wasDismissed(CloseCode.GOING_AWAY);
        assertThat(bob.connection().closeReason()).isEqualTo("shutting down");
        assertThat(broker.awaitNoSessions(Duration.ZERO)).isTrue();
    }
}
