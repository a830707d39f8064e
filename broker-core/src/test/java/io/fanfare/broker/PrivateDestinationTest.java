package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What belongs to a user or to a connection. */
class PrivateDestinationTest extends BrokerTest {

    // ---- /user ------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"queue", "topic"})
    @DisplayName("item 96: all sessions of a user get a message, and see the destination they subscribed to")
    void allSessionsOfAUserGetAMessage(String kind) {
        var desk = Clients.connectAs(this, "bob");
        var phone = Clients.connectWith(this, "login:bob", otherLoop);
        var carol = Clients.connectAs(this, "carol");
        String subscribe = "SUBSCRIBE\nid:0\ndestination:/user/" + kind + "/a\n\n^@";
        desk.sends(subscribe);
        phone.sends(subscribe);
        carol.sends(subscribe);
        connect().sends("SEND\ndestination:/user/bob/" + kind + "/a\n\nhi^@");
        desk.got("MESSAGE\nsubscription:0\ndestination:/user/" + kind + "/a\n\nhi^@");
        phone.got("MESSAGE\nsubscription:0\ndestination:/user/" + kind + "/a\n\nhi^@");
        carol.gotNothing();
    }

    @Test
    void aUsersQueueAndTopicOfOneNameAreTwo() {
        var bob = Clients.connectAs(this, "bob");
        bob.sends("SUBSCRIBE\nid:0\ndestination:/user/queue/a\n\n^@");
        connect().sends("SEND\ndestination:/user/bob/topic/a\n\nhi^@SEND\ndestination:/queue/a\nttl:0\n\nhi^@");
        bob.gotNothing();
    }

    @Test
    void aSlashInAUsersNameIsEscaped() {
        var bob = Clients.connectAs(this, "corp/bob");
        bob.sends("SUBSCRIBE\nid:0\ndestination:/user/queue/a\n\n^@");
        connect().sends("SEND\ndestination:/user/corp%2Fbob/queue/a\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/user/queue/a\n\nhi^@");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "'Doe, Jane' Doe%2C%20Jane",
                "'Doe, Jane' Doe%2c%20Jane",
                "bob/lee bob%2flee",
                "% %25",
                "100%2F 100%252F",
                "müller m%C3%BCller",
                "müller müller",
                "* %2A",
                "'#' %23",
                "a..b a..b",
                ".bob. .bob.",
                "a+b a+b",
                "'CN=a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r' CN=a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r"
            })
    @DisplayName("item 96: every user's name can be written in a SEND, percent-encoded")
    void everyUserCanBeAddressed(String name, String written) {
        var bob = Clients.connectAs(this, name);
        bob.sends("SUBSCRIBE\nid:0\ndestination:/user/queue/a\n\n^@");
        connect().sends("SEND\ndestination:/user/" + written + "/queue/a\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/user/queue/a\n\nhi^@");
    }

    @Test
    @DisplayName("item 96: a user's name of any length can be written, and what its user subscribed to can be reached")
    void aLongNameIsNotHeldAgainstItsUser() {
        String name = "x".repeat(400);
        var bob = Clients.connectChecked(this, name);
        String words = "w.".repeat(14) + "w";
        bob.sends("SUBSCRIBE\nid:0\ndestination:/user/queue/" + words + "\n\n^@");
        connect().sends("SEND\ndestination:/user/" + name + "/queue/" + words + "\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/user/queue/" + words + "\n\nhi^@");
    }

    @ParameterizedTest
    @ValueSource(strings = {"100%", "%2", "%zz", "%2G", "%FF", "%C3", "%C3%28", "%ED%A0%80"})
    void anInvalidEscapeInAUsersNameIsAnError(String written) {
        var alice = connect();
        alice.sends("SEND\ndestination:/user/" + written + "/queue/a\n\nhi^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination", "%25");
    }

    @Test
    void whoHasNoLoginIsItsSession() {
        var bob = open();
        bob.sends("CONNECT\naccept-version:1.2\nhost:h\n\n^@");
        String session = bob.next("expected CONNECTED").header("session");
        bob.sends("SUBSCRIBE\nid:0\ndestination:/user/queue/a\n\n^@");
        connect().sends("SEND\ndestination:/user/" + session + "/queue/a\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/user/queue/a\n\nhi^@");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/user/a", "/user/bob/a", "/user/bob/queues/a", "/user/queue/a", "/user/"})
    void aSendNamesAUser(String destination) {
        var alice = Clients.connectAs(this, "alice");
        alice.sends("SEND\ndestination:" + destination + "\n\nhi^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/user/bob/queue/a", "/user/bob/topic/a", "/user/a"})
    @Tag("advisory-24")
    void nobodySubscribesToWhatIsAnothers(String destination) {
        var eve = Clients.connectAs(this, "eve");
        eve.sends("SUBSCRIBE\nid:0\ndestination:" + destination + "\n\n^@");
        eve.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination", "/user/queue/");
    }

    // ---- /temp-queue, /temp-topic, reply-to
    // ---------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"/temp-queue/r", "/temp-topic/r"})
    void repliesComeToASubscriptionThatIsThere(String temporary) {
        var server = connectTo(otherLoop);
        server.sends("SUBSCRIBE\nid:0\ndestination:/queue/service\n\n^@");
        var client = connect();
        client.sends("SUBSCRIBE\nid:mine\ndestination:" + temporary + "\n\n^@");
        client.sends("SEND\ndestination:/queue/service\nreply-to:" + temporary + "\n\nping^@");
        var request = server.got("MESSAGE\nsubscription:0\ndestination:/queue/service\nreply-to:*\n\nping^@");
        server.sends("SEND\ndestination:" + request.header("reply-to") + "\n\npong^@");
        client.got("MESSAGE\nsubscription:mine\ndestination:" + temporary + "\n\npong^@");
        client.gotNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/temp-queue/r", "/temp-topic/r"})
    void repliesComeWithoutASubscriptionAsRabbitsClientsExpectIt(String temporary) {
        var server = connectTo(otherLoop);
        server.sends("SUBSCRIBE\nid:0\ndestination:/queue/service\n\n^@");
        var client = connect();
        for (String body : new String[] {"1", "2"}) {
            client.sends("SEND\ndestination:/queue/service\nreply-to:" + temporary + "\n\n" + body + "^@");
            var request = server.takeAll().get(0);
            server.sends("SEND\ndestination:" + request.header("reply-to") + "\n\nre " + body + "^@");
            client.got("MESSAGE\nsubscription:" + temporary + "\ndestination:" + temporary + "\n\nre " + body + "^@");
        }
        client.sends("UNSUBSCRIBE\nid:" + temporary + "\nreceipt:r\n\n^@");
        client.got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @Test
    void aReplyToThatIsNotTemporaryIsPassedOn() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        connect().sends("SEND\ndestination:/queue/a\nreply-to:/queue/b\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\nreply-to:/queue/b\n\nhi^@");
    }

    @Test
    @Tag("advisory-24")
    void whatWasToldOfIsForSendingOnly() {
        var server = connect();
        server.sends("SUBSCRIBE\nid:0\ndestination:/queue/service\n\n^@");
        var client = connect();
        client.sends("SEND\ndestination:/queue/service\nreply-to:/temp-queue/r\n\nping^@");
        client.stopsReading();
        String replyTo = server.takeAll().get(0).header("reply-to");
        var eve = connect();
        eve.sends("SUBSCRIBE\nid:0\ndestination:" + replyTo + "\n\n^@");
        eve.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination", "another connection");
        var mallory = connect();
        mallory.sends("SUBSCRIBE\nid:b\ndestination:" + replyTo + "\nbrowser:true\n\n^@");
        mallory.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination", "another connection");
        server.sends("SEND\ndestination:" + replyTo + "\n\nsecret^@");
        client.reads();
        assertThat(client.takeBodies()).containsExactly("secret");
    }

    @Test
    void equalNamesOfTwoConnectionsAreTwoQueues() {
        var bob = connect();
        var carol = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/temp-queue/r\n\n^@");
        carol.sends("SUBSCRIBE\nid:0\ndestination:/temp-queue/r\n\n^@SEND\ndestination:/temp-queue/r\n\nhi^@");
        carol.got("MESSAGE\nsubscription:0\ndestination:/temp-queue/r\n\nhi^@");
        bob.gotNothing();
    }

    @Test
    @DisplayName("item 122: a temporary queue goes with its connection, messages and all")
    void aTemporaryQueueGoesWithItsConnection() {
        var bob = connect();
        bob.sends("SEND\ndestination:/temp-queue/r\n\nnobody's^@");
        assertThat(broker.queueCount()).isEqualTo(1);
        bob.isLost();
        assertThat(broker.queueCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/temp-queue/r", "/temp-topic/r"})
    @DisplayName("item 83: a SEND to what has gone with its connection is dropped, and its sender goes on")
    void aSendToWhatHasGoneIsDropped(String temporary) {
        var server = connect();
        String replyTo = replyToOfAClientThatHasGone(server, temporary);
        for (String receipt : new String[] {"r1", "r2"}) {
            server.sends("SEND\ndestination:" + replyTo + "\nreceipt:" + receipt + "\n\npong^@");
            server.got("RECEIPT\nreceipt-id:" + receipt + "\ndropped:1\n\n^@");
        }
        assertThat(broker.queueCount()).isZero();
        server.isOpen();
    }

    @Test
    void ofSeveralDestinationsOnlyTheOneThatHasGoneIsDropped() {
        var server = connect();
        String replyTo = replyToOfAClientThatHasGone(server, "/temp-queue/r");
        server.sends("SEND\ndestination:" + replyTo + ",/queue/log\nreceipt:r\n\npong^@");
        server.got("RECEIPT\nreceipt-id:r\nqueued:1\ndropped:1\n\n^@");
        assertThat(broker.queueCount()).isEqualTo(1);
        server.sends("SUBSCRIBE\nid:1\ndestination:/queue/log\n\n^@");
        server.got("MESSAGE\nsubscription:1\ndestination:/queue/log\n\npong^@");
    }

    @Test
    void aDelayedReplyToWhatHasGoneMeanwhileIsDropped() {
        var server = connect();
        String replyTo = replyToOfAClientThatHasGone(server, "/temp-queue/r");
        server.sends("SEND\ndestination:" + replyTo + "\ndelay:1000\nreceipt:r\n\npong^@");
        server.got("RECEIPT\nreceipt-id:r\n\n^@");
        pass(Duration.ofSeconds(2));
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    void aReplyForWhichThereIsNoRoomIsDroppedAndItsSenderGoesOn() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxQueueMessages(1)).build());
        var server = connect();
        server.sends("SUBSCRIBE\nid:0\ndestination:/queue/service\n\n^@");
        var client = connect();
        client.sends("SUBSCRIBE\nid:0\ndestination:/temp-queue/r\nack:client\n\n^@"
                + "SEND\ndestination:/queue/service\nreply-to:/temp-queue/r\n\nping^@");
        String replyTo = server.takeAll().get(0).header("reply-to");
        server.sends("SEND\ndestination:" + replyTo + "\nreceipt:r1\n\n1^@");
        server.got("RECEIPT\nreceipt-id:r1\n\n^@");
        server.sends("SEND\ndestination:" + replyTo + "\nreceipt:r2\n\n2^@");
        server.got("RECEIPT\nreceipt-id:r2\ndropped:1\n\n^@");
        server.sends("BEGIN\ntransaction:t\n\n^@SEND\ndestination:" + replyTo + "\ntransaction:t\n\n3^@"
                + "COMMIT\ntransaction:t\nreceipt:r3\n\n^@");
        server.got("RECEIPT\nreceipt-id:r3\n\n^@");
        assertThat(client.takeAll()).hasSize(1);
    }

    private String replyToOfAClientThatHasGone(Client server, String temporary) {
        server.sends("SUBSCRIBE\nid:0\ndestination:/queue/service\n\n^@");
        var client = connect();
        client.sends("SEND\ndestination:/queue/service\nreply-to:" + temporary + "\n\nping^@");
        String replyTo = server.takeAll().get(0).header("reply-to");
        client.isLost();
        server.sends("UNSUBSCRIBE\nid:0\n\n^@");
        return replyTo;
    }

    @Test
    void aTransactionsReplyToWhatHasGoneLeavesNothingBehind() {
        var server = connect();
        server.sends("SUBSCRIBE\nid:0\ndestination:/queue/service\n\n^@");
        var client = connect();
        client.sends("SEND\ndestination:/queue/service\nreply-to:/temp-queue/r\n\nping^@");
        String replyTo = server.takeAll().get(0).header("reply-to");
        server.sends("BEGIN\ntransaction:t\n\n^@SEND\ndestination:" + replyTo + "\ntransaction:t\n\npong^@");
        client.isLost();
        server.sends("COMMIT\ntransaction:t\nreceipt:r\n\n^@");
        server.got("RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(broker.queueCount()).as("the server's own").isEqualTo(1);
    }

    @Test
    @DisplayName("a name that looks like a session is the client's own")
    void aNameThatLooksLikeASessionIsTheClientsOwn() {
        String name = "/temp-queue/507f1f77bcf86cd799439011/in";
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:" + name + "\n\n^@SEND\ndestination:" + name + "\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:" + name + "\n\nhi^@");
    }

    @Test
    @DisplayName("a name that begins with the id of a session, the client's own even, is the client's own")
    void aNameThatBeginsWithASessionsIdIsTheClientsOwn() {
        var alice = open();
        alice.sends("CONNECT\naccept-version:1.2\n\n^@");
        String alices = "/temp-queue/" + alice.takeAll().get(0).header("session") + "/r";
        alice.sends("SUBSCRIBE\nid:0\ndestination:/temp-queue/r\n\n^@");
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:" + alices + "\n\n^@SEND\ndestination:" + alices + "\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:" + alices + "\n\nhi^@");
        alice.sends("SEND\ndestination:" + alices + "\nreceipt:r\n\nhi^@");
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        alice.gotNothing();
    }

    @Test
    @DisplayName("a request that is passed on keeps its reply-to: the answer reaches the client that asked")
    void aReplyToOfAnotherIsPassedOnAsItIs() {
        var server = connect();
        server.sends("SUBSCRIBE\nid:0\ndestination:/queue/service\n\n^@");
        var proxy = connect();
        proxy.sends("SUBSCRIBE\nid:0\ndestination:/queue/door\n\n^@");
        var client = connect();
        client.sends("SEND\ndestination:/queue/door\nreply-to:/temp-queue/r\n\nping^@");
        String atDoor = proxy.takeAll().get(0).header("reply-to");
        proxy.sends("SEND\ndestination:/queue/service\nreply-to:" + atDoor + "\n\nping^@");
        String atServer = server.takeAll().get(0).header("reply-to");
        server.sends("SEND\ndestination:" + atServer + "\n\npong^@");
        assertThat(client.takeBodies()).containsExactly("pong");
        proxy.gotNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/temp-queue/", "/temp-topic/"})
    @DisplayName("a reply-to as long as the limits allow can be answered")
    void aReplyToAsLongAsTheLimitsAllowCanBeAnswered(String prefix) {
        String temporary = prefix + "a.".repeat(15) + "x".repeat(255 - prefix.length() - 30);
        var server = connect();
        server.sends("SUBSCRIBE\nid:0\ndestination:/queue/service\n\n^@");
        var client = connect();
        client.sends("SEND\ndestination:/queue/service\nreply-to:" + temporary + "\n\nping^@");
        server.sends("SEND\ndestination:" + server.takeAll().get(0).header("reply-to") + "\n\npong^@");
        client.got("MESSAGE\nsubscription:" + temporary + "\ndestination:" + temporary + "\n\npong^@");
        client.sends("SEND\ndestination:/queue/service\nreply-to:" + temporary + "x\n\nping^@");
        client.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination", "256 B", "255", "max_destination_bytes");
    }

    @Test
    @DisplayName("item 125: subscriptions that the broker makes for replies count")
    void subscriptionsForRepliesCount() {
        brokerWith(BrokerOptions.builder().limits(l -> l.maxSubscriptions(2)).build());
        var client = connect();
        client.sends("SEND\ndestination:/topic/a\nreply-to:/temp-queue/1\n\n^@");
        client.sends("SEND\ndestination:/topic/a\nreply-to:/temp-queue/2\n\n^@");
        client.isOpen();
        client.sends("SEND\ndestination:/topic/a\nreply-to:/temp-queue/3\n\n^@");
        client.gotError(CloseCode.PROTOCOL_ERROR, "too many subscriptions", "max_subscriptions");
    }
}
