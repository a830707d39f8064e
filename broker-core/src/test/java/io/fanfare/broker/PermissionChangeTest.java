package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.security.Authorizer.Action;
import io.fanfare.security.Principal;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of that which was allowed when it is not any more. */
class PermissionChangeTest extends BrokerTest {

    private static final String SEND = "SEND\ndestination:/topic/a\n\n";
    private static final String SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:/topic/a\n";

    private volatile Set<String> forbidden = Set.of();

    @BeforeEach
    void authorize() {
        brokerWith(BrokerOptions.builder()
                .auth(a -> a.authorizer((who, action, destination) -> !forbidden.contains(action + " " + destination)))
                .queues(q -> q.durableExpiry(Duration.ofHours(1)))
                .build());
    }

    private Client softly() {
        return Clients.connectWith(this, "login:alice\nclient-id:c\nsoft-errors:true");
    }

    private void forbid(String... what) {
        forbidden = Set.of(what);
        broker.permissionsChanged();
        settle();
    }

    private static void gotWithdrawn(Client client, String id, String destination) {
        client.got("MESSAGE\nsubscription:$error\ndestination:/broker/errors\nerror-code:permission-withdrawn\n"
                + "error-command:SUBSCRIBE\nerror-subscription:" + id
                + "\nmessage:permission withdrawn\ncontent-type:*\n\n"
                + "you may no longer SUBSCRIBE to '" + destination + "', so that subscription has ended^@");
    }

    @ParameterizedTest
    @CsvSource({
        "/topic/a, '', /topic/a",
        "/topic/#, '', /topic/#",
        "/topic/a, 'ack:client', /topic/a",
        "'/topic/b,/topic/a', '', /topic/a",
        "/topic/a, 'max-rate:1', /topic/a",
        "/topic/a, 'overflow:drop-oldest', /topic/a",
        "/user/queue/a, '', /user/queue/a",
    })
    @DisplayName("a live subscription ends when it is not allowed any more, and nothing comes on it (CVE-2026-57218)")
    void aSubscriptionEnds(String destination, String header, String name) {
        var alice = softly();
        alice.sends("SUBSCRIBE\nid:0\ndestination:" + destination + "\n" + (header.isEmpty() ? "" : header + "\n")
                + "\n^@SUBSCRIBE\nid:1\ndestination:/topic/c\n\n^@");
        forbid("SUBSCRIBE " + name);
        gotWithdrawn(alice, "0", name);
        connect()
                .sends(SEND + "no^@SEND\ndestination:/user/alice/queue/a\n\nno^@SEND\ndestination:/topic/b\n\nno^@"
                        + "SEND\ndestination:/topic/c\n\nyes^@");
        pass(Duration.ofSeconds(2));
        assertThat(alice.takeAll().stream().filter(each -> !each.isHeartBeat()))
                .extracting(Received::text)
                .containsExactly("yes");
        alice.sends("UNSUBSCRIBE\nid:0\n\n^@");
        assertThat(alice.takeAll())
                .extracting(each -> each.header("error-code"))
                .containsExactly("no-such-subscription");
    }

    @Test
    void withoutSoftErrorsTheConnectionEnds() {
        var alice = Clients.connectAs(this, "alice");
        alice.sends(SUBSCRIBE + "\n^@");
        forbid("SUBSCRIBE /topic/a");
        alice.gotError(CloseCode.POLICY, "permission withdrawn", "SUBSCRIBE", "'/topic/a'");
        assertThat(broker.topicCount()).isZero();
    }

    @Test
    void whatIsStillAllowedGoesOn() {
        var alice = Clients.connectAs(this, "alice");
        alice.sends(SUBSCRIBE + "\n^@");
        forbid("SEND /topic/a", "SUBSCRIBE /topic/b");
        alice.isOpen();
        forbid();
        connect().sends(SEND + "hi^@");
        assertThat(alice.takeBodies()).containsExactly("hi");
    }

    @Test
    void everyLoopsSubscriptionsEnd() {
        var alice = Clients.connectWith(this, "login:alice", loop);
        var bob = Clients.connectWith(this, "login:bob", otherLoop);
        alice.sends(SUBSCRIBE + "\n^@");
        bob.sends(SUBSCRIBE + "\n^@");
        forbid("SUBSCRIBE /topic/a");
        alice.gotError(CloseCode.POLICY, "permission withdrawn");
        bob.gotError(CloseCode.POLICY, "permission withdrawn");
    }

    @Test
    void theNextSendIsAskedAboutAgain() {
        var alice = Clients.connectAs(this, "alice");
        alice.sends(SEND + "1^@");
        forbid("SEND /topic/a");
        alice.isOpen();
        alice.sends(SEND + "2^@");
        alice.gotError(CloseCode.POLICY, "not allowed", "SEND");
    }

    @Test
    void aMessageThatWaitsForItsAckMayStillBeAcknowledged() {
        var alice = softly();
        alice.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client-individual\n\n^@");
        connect().sends("SEND\ndestination:/queue/a\n\n1^@SEND\ndestination:/queue/a\n\n2^@");
        var messages = alice.takeAll();
        forbid("SUBSCRIBE /queue/a");
        gotWithdrawn(alice, "0", "/queue/a");
        alice.sends("ACK\nid:" + messages.get(0).header("ack") + "\nreceipt:r\n\n^@");
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        forbid();
        alice.isLost();
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("2");
    }

    @Test
    void whatWaitsForASlowClientIsNotSentAnyMore() {
        var alice = softly();
        alice.sends(SUBSCRIBE + "overflow:drop-oldest\n\n^@");
        var bob = connect();
        alice.stopsReading();
        bob.sends(SEND + "1^@");
        bob.sends(SEND + "2^@");
        forbid("SUBSCRIBE /topic/a");
        alice.reads();
        // the first was on its way to the socket already
        alice.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\n1^@");
        gotWithdrawn(alice, "0", "/topic/a");
        alice.gotNothing();
    }

    @Test
    void aBrowserStopsInTheMiddle() {
        var bob = connect();
        for (int i = 0; i < 150; i++) {
            bob.sends("SEND\ndestination:/queue/a\n\n" + i + "^@");
        }
        var alice = softly();
        alice.stopsReading();
        alice.feeds("SUBSCRIBE\nid:0\ndestination:/queue/a\nbrowser:true\n\n^@");
        settle();
        forbid("SUBSCRIBE /queue/a");
        alice.reads();
        assertThat(alice.takeAll()).noneMatch(each -> each.text().equals("149") || each.has("browser"));
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
    }

    // ---- durable subscriptions --------------------------------------------------------------------------------------

    private Client withDurable() {
        var alice = softly();
        alice.sends(SUBSCRIBE + "durable:true\n\n^@");
        assertThat(broker.durableSubscriptionCount()).isEqualTo(1);
        return alice;
    }

    @Test
    void aDurableSubscriptionEndsForGood() {
        var alice = withDurable();
        forbid("SUBSCRIBE /topic/a");
        gotWithdrawn(alice, "0", "/topic/a");
        assertThat(broker.durableSubscriptionCount()).isZero();
        assertThat(broker.topicCount()).isZero();
    }

    @Test
    void soDoesOneWhoseClientIsAway() {
        withDurable().isLost();
        forbid("SUBSCRIBE /topic/b");
        assertThat(broker.durableSubscriptionCount()).isEqualTo(1);
        forbid("SUBSCRIBE /topic/a");
        assertThat(broker.durableSubscriptionCount()).isZero();
        assertThat(broker.topicCount()).isZero();
    }

    @Test
    void soDoesOneWhoseClientLeavesBeforeItIsTold() {
        var alice = withDurable();
        forbidden = Set.of("SUBSCRIBE /topic/a");
        alice.isLost();
        assertThat(broker.durableSubscriptionCount()).isZero();
    }

    // ---- around the end ---------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoIsNotConnectedIsNotAsked(boolean gone) {
        var alice = open();
        if (gone) {
            alice.isLost();
        }
        forbid("SUBSCRIBE /topic/a");
        alice.gotNothing();
    }

    @Test
    void anAuthorizerThatBreaksEndsWhatItDoesNotAllow() {
        boolean[] broken = new boolean[1];
        brokerWith(BrokerOptions.builder()
                .auth(a -> a.authorizer((Principal who, Action action, String destination) -> {
                    if (broken[0]) {
                        throw new IllegalStateException("broken");
                    }
                    return true;
                }))
                .build());
        var alice = Clients.connectAs(this, "alice");
        alice.sends(SUBSCRIBE + "\n^@");
        broken[0] = true;
        broker.permissionsChanged();
        settle();
        alice.gotError(CloseCode.POLICY, "permission withdrawn");
    }
}
