package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.security.Authorizer.Action;
import io.fanfare.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may do, and that nothing goes round it. */
class PermissionTest extends BrokerTest {

    private final List<String> asked = new ArrayList<>();

    /** What is forbidden: {@code SEND /topic/secret}. */
    private Set<String> forbidden = Set.of("SEND /topic/secret", "SUBSCRIBE /topic/secret", "SEND /queue/secret");

    @BeforeEach
    void authorize() {
        brokerWith(BrokerOptions.builder().auth(a -> a.authorizer(this::allows)).build());
    }

    private boolean allows(Principal who, Action action, String destination) {
        asked.add(who.name() + " " + action + " " + destination);
        return !forbidden.contains(action + " " + destination);
    }

    private Client softly() {
        return Clients.connectWith(this, "login:alice\nsoft-errors:true");
    }

    // ---- SEND -------------------------------------------------------------------------------------------------------

    @Test
    void aSendThatIsNotAllowedIsAnErrorAndTheEnd() {
        var alice = Clients.connectAs(this, "alice");
        alice.sends("SEND\ndestination:/topic/secret\nreceipt:r\n\nhi^@");
        var error = alice.gotError(CloseCode.POLICY, "not allowed", "SEND", "'/topic/secret'");
        assertThat(error.header("receipt-id")).isEqualTo("r");
    }

    @Test
    void withSoftErrorsTheConnectionGoesOn() {
        var alice = softly();
        alice.sends("SEND\ndestination:/topic/secret\nreceipt:r\n\nhi^@");
        alice.got(
                "MESSAGE\nsubscription:$error\ndestination:/broker/errors\nerror-code:not-allowed\nerror-command:SEND\n"
                        + "receipt-id:r\nmessage:not allowed\ncontent-type:*\n\nyou may not SEND to '/topic/secret'^@");
        alice.sends("SEND\ndestination:/topic/open\nreceipt:r\n\nhi^@");
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @Test
    void nobodyGetsWhatWasNotAllowed() {
        var bob = connect();
        forbidden = Set.of("SEND /topic/secret");
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/secret\n\n^@");
        softly().sends("SEND\ndestination:/topic/secret\n\nhi^@SEND\ndestination:/topic/secret\n\nhi^@");
        bob.gotNothing();
    }

    @Test
    void theAuthorizerIsAskedOncePerRunOfOneDestination() {
        var alice = Clients.connectAs(this, "alice");
        for (String destination :
                new String[] {"/topic/a", "/topic/a", "/topic/a", "/topic/b", "/topic/b", "/topic/a"}) {
            alice.sends("SEND\ndestination:" + destination + "\n\nhi^@");
        }
        assertThat(asked).containsExactly("alice SEND /topic/a", "alice SEND /topic/b", "alice SEND /topic/a");
    }

    @Test
    void aRefusedDestinationIsNotTheLastOne() {
        var alice = softly();
        alice.sends("SEND\ndestination:/topic/a\n\n1^@SEND\ndestination:/topic/secret\n\n2^@");
        alice.sends("SEND\ndestination:/topic/secret\n\n3^@SEND\ndestination:/topic/a\n\n4^@");
        assertThat(alice.takeAll())
                .extracting(each -> each.header("error-code"))
                .containsOnly("not-allowed")
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "/topic/a.b, /topic/a.b",
        "/queue/a, /queue/a",
        "/amq/queue/a, /queue/a",
        "/user/bob/queue/x, /user/bob/queue/x",
        "/user/corp%2Fbob/topic/x.y, /user/corp%2Fbob/topic/x.y",
        "/user/a.b/queue/x, /user/a.b/queue/x",
        "/user/Doe%2c%20Jane/queue/x, /user/Doe%2C Jane/queue/x",
        "/user/100%25/queue/x, /user/100%25/queue/x",
        "/user/%2a/queue/x, /user/%2A/queue/x",
    })
    void aSendIsAskedAboutUnderItsNativeName(String destination, String name) {
        Clients.connectAs(this, "alice").sends("SEND\ndestination:" + destination + "\nttl:0\n\nhi^@");
        assertThat(asked).containsExactly("alice SEND " + name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/queue/open,/queue/secret",
                "/queue/secret,/topic/open",
                "/topic/open , /amq/queue/secret",
                "/amq/queue/secret"
            })
    @DisplayName("case 48: each part of a composite destination, and an alias, must be allowed (CVE-2026-61487)")
    void nothingGoesRoundItByAnotherSpelling(String destination) {
        var alice = Clients.connectAs(this, "alice");
        alice.sends("SEND\ndestination:" + destination + "\n\nhi^@");
        alice.gotError(CloseCode.POLICY, "not allowed", "'/queue/secret'");
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    void inATransactionTheSendIsRefusedAndNotTheCommit() {
        var alice = softly();
        alice.sends("BEGIN\ntransaction:t\n\n^@SEND\ndestination:/queue/secret\ntransaction:t\n\nno^@");
        assertThat(alice.takeAll())
                .extracting(each -> each.header("error-code"))
                .containsExactly("not-allowed");
        alice.sends("COMMIT\ntransaction:t\nreceipt:c\n\n^@");
        alice.got("RECEIPT\nreceipt-id:c\n\n^@");
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    @DisplayName("what is not allowed any more when COMMIT comes is not sent, nor is anything else of it")
    void aCommitIsAllOrNothing() {
        var alice = softly();
        alice.sends("BEGIN\ntransaction:t\n\n^@SEND\ndestination:/queue/a\ntransaction:t\n\n1^@"
                + "SEND\ndestination:/queue/b\ntransaction:t\n\n2^@");
        forbidden = Set.of("SEND /queue/b");
        alice.sends("COMMIT\ntransaction:t\nreceipt:c\n\n^@");
        var error = alice.takeAll().get(0);
        assertThat(error.header("error-code")).isEqualTo("not-allowed");
        assertThat(error.header("receipt-id")).isEqualTo("c");
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    void deadLettersAreTheBrokersOwn() {
        forbidden = Set.of("SEND /queue/DLQ.a");
        var alice = Clients.connectAs(this, "alice");
        alice.sends("SEND\ndestination:/queue/a\n\nhi^@SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client\n\n^@");
        String ack = alice.takeAll().get(0).header("ack");
        alice.sends("NACK\nid:" + ack + "\nrequeue:false\n\n^@SUBSCRIBE\nid:1\ndestination:/queue/DLQ.a\n\n^@");
        assertThat(alice.takeBodies()).containsExactly("hi");
    }

    @Test
    void whatTheEmbeddingProgramPublishesIsNotAskedAbout() {
        var bob = connect();
        forbidden = Set.of("SEND /topic/a");
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        broker.publish("/topic/a", io.fanfare.frame.Headers.EMPTY, new byte[] {'x'});
        settle();
        assertThat(bob.takeBodies()).containsExactly("x");
    }

    // ---- SUBSCRIBE --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"", "ack:client\n", "durable:true\n", "selector:x = 1\n", "max-rate:1\n"})
    void aSubscribeThatIsNotAllowedIsAnErrorAndTheEnd(String header) {
        var alice = Clients.connectWith(this, "login:alice\nclient-id:c");
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/secret\nreceipt:r\n" + header + "\n^@");
        var error = alice.gotError(CloseCode.POLICY, "not allowed", "SUBSCRIBE", "'/topic/secret'");
        assertThat(error.header("receipt-id")).isEqualTo("r");
        assertThat(broker.durableSubscriptionCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "browser:true\n"})
    void whoMayNotSubscribeToAQueueMayNotLookIntoItEither(String header) {
        forbidden = Set.of("SUBSCRIBE /queue/secret");
        connect().sends("SEND\ndestination:/queue/secret\n\nhi^@");
        var alice = softly();
        alice.sends("SUBSCRIBE\nid:0\ndestination:/queue/secret\n" + header + "\n^@");
        assertThat(alice.takeAll())
                .extracting(each -> each.header("error-code"))
                .containsExactly("not-allowed");
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/open,/amq/queue/secret\n\n^@");
        bob.gotError(CloseCode.POLICY, "not allowed", "'/queue/secret'");
    }

    @ParameterizedTest
    @CsvSource({
        "/topic/a.*, /topic/a.*",
        "/topic/a.#, /topic/a.#",
        "/topic/a.>, /topic/a.#",
        "/topic/a/**, /topic/a/#",
        "/amq/queue/a, /queue/a",
        "/user/queue/x.y, /user/queue/x.y",
    })
    void aSubscribeIsAskedAboutUnderItsNativeName(String destination, String name) {
        Clients.connectAs(this, "alice").sends("SUBSCRIBE\nid:0\ndestination:" + destination + "\n\n^@");
        assertThat(asked).containsExactly("alice SUBSCRIBE " + name);
    }

    // ---- temporary destinations and replies -------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"/temp-queue/r", "/temp-topic/r"})
    @DisplayName(
            "a temporary destination is its owner's to read, and whoever was told of it may answer (CVE-2026-54475)")
    void temporaryDestinationsNeedNoPermission(String temporary) {
        var server = connectTo(otherLoop);
        server.sends("SUBSCRIBE\nid:0\ndestination:/queue/service\n\n^@");
        var client = Clients.connectAs(this, "client");
        client.sends("SUBSCRIBE\nid:mine\ndestination:" + temporary + "\n\n^@");
        client.sends("SEND\ndestination:/queue/service\nreply-to:" + temporary + "\n\nping^@");
        String replyTo = server.takeAll().get(0).header("reply-to");
        server.sends("SEND\ndestination:" + replyTo + "\n\npong^@");
        assertThat(client.takeBodies()).containsExactly("pong");
        assertThat(asked).containsExactly(" SUBSCRIBE /queue/service", "client SEND /queue/service");
        var eve = connect();
        eve.sends("SUBSCRIBE\nid:0\ndestination:" + replyTo + "\n\n^@");
        eve.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination", "another connection");
        server.sends("SEND\ndestination:" + replyTo + "\n\nagain^@");
        assertThat(client.takeBodies()).containsExactly("again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/temp-queue/r,/queue/secret", "/temp-topic/r,/topic/secret"})
    void aReplyToDoesNotJoinDestinationsForOthersToSendTo(String replyTo) {
        var alice = softly();
        alice.sends("SEND\ndestination:/queue/service\nreply-to:" + replyTo + "\n\nping^@");
        assertThat(alice.takeAll())
                .extracting(each -> each.header("error-code"))
                .containsExactly("invalid-reply-to");
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    void aReplyToIsNoWayToReadWhatOneMayNot() {
        forbidden = Set.of("SUBSCRIBE /topic/secret");
        var alice = softly();
        alice.sends("SEND\ndestination:/topic/a\nreply-to:/topic/secret\n\nping^@");
        connect().sends("SEND\ndestination:/topic/secret\n\nhi^@");
        alice.gotNothing();
    }

    // ---- durable subscriptions --------------------------------------------------------------------------------------

    @Test
    @DisplayName("another user's durable subscription is out of reach, whatever client-id one comes with (ee0ebfcc0c)")
    void aDurableSubscriptionIsItsUsers() {
        String subscribe = "SUBSCRIBE\nid:news\ndestination:/topic/a\ndurable:true\n\n^@";
        String unsubscribe = "UNSUBSCRIBE\nid:news\ndurable:true\n\n^@";
        var alice = Clients.connectWith(this, "login:alice\nclient-id:c");
        alice.sends(subscribe);
        alice.isLost();
        connect().sends("SEND\ndestination:/topic/a\n\nfor alice^@");
        var eve = Clients.connectWith(this, "login:eve\nclient-id:c");
        eve.sends(subscribe);
        eve.gotNothing();
        eve.sends(unsubscribe);
        eve.sends(unsubscribe);
        eve.gotError(CloseCode.PROTOCOL_ERROR, "no such subscription");
        alice = Clients.connectWith(this, "login:alice\nclient-id:c");
        alice.sends(subscribe);
        assertThat(alice.takeBodies()).containsExactly("for alice");
        alice.sends(unsubscribe);
        assertThat(broker.durableSubscriptionCount()).isZero();
    }

    // ---- authorizers ------------------------------------------------------------------------------------------------

    @Test
    @DisplayName("case 85: an authorizer that throws has not allowed anything, and no other connection notices")
    void anAuthorizerThatThrowsHasNotAllowedAnything() {
        brokerWith(BrokerOptions.builder()
                .auth(a -> a.authorizer((who, action, destination) -> {
                    if (who.name().equals("alice")) {
                        throw new IllegalStateException("no connection to the directory");
                    }
                    return true;
                }))
                .build());
        var bob = Clients.connectAs(this, "bob");
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        var alice = Clients.connectAs(this, "alice");
        alice.sends("SEND\ndestination:/topic/a\n\nhi^@");
        var error = alice.gotError(CloseCode.POLICY, "not allowed", "'/topic/a'");
        assertThat(error.toString()).doesNotContain("directory");
        bob.sends("SEND\ndestination:/topic/a\n\nhi^@");
        assertThat(bob.takeBodies()).containsExactly("hi");
    }

    @Test
    void aDestinationInAnErrorIsEscaped() {
        forbidden = Set.of("SEND /topic/<img src=x onerror=1>\u00ad");
        var alice = Clients.connectAs(this, "alice");
        alice.sends("SEND\ndestination:/topic/<img src=x onerror=1>\u00ad\n\nhi^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination", "\\u00ad");
        assertThat(asked).isEmpty();
    }
}
