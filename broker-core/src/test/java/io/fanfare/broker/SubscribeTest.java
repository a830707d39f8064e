package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubscribeTest extends BrokerTest {

    @ParameterizedTest
    @DisplayName("item 86: a SUBSCRIBE without id has its destination for an id, from 1.1 on too")
    @ValueSource(strings = {"1.1", "1.2"})
    void withoutAnIdTheDestinationIsTheId(String version) {
        var bob = connect(version);
        bob.sends("SUBSCRIBE\ndestination:/topic/a\nreceipt:r\n\n^@SEND\ndestination:/topic/a\n\nhi^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@", "MESSAGE\nsubscription:/topic/a\ndestination:/topic/a\n\nhi^@");
        bob.sends("UNSUBSCRIBE\ndestination:/topic/a\nreceipt:r2\n\n^@SEND\ndestination:/topic/a\n\nhi^@");
        bob.got("RECEIPT\nreceipt-id:r2\n\n^@");
        bob.gotNothing();
    }

    @ParameterizedTest
    @DisplayName("item 86: ... and may be ended by that id")
    @ValueSource(strings = {"1.1", "1.2"})
    void aSubscriptionWithoutIdEndsByItsDestinationAsId(String version) {
        var bob = connect(version);
        bob.sends("SUBSCRIBE\ndestination:/topic/a\n\n^@UNSUBSCRIBE\nid:/topic/a\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(broker.topicCount()).isZero();
    }

    @ParameterizedTest
    @DisplayName("item 86: a client subscribes without id once to each destination")
    @ValueSource(strings = {"1.0", "1.1", "1.2"})
    void aClientSubscribesWithoutIdOnceToEachDestination(String version) {
        var bob = connect(version);
        bob.sends("SUBSCRIBE\ndestination:/topic/a\n\n^@SUBSCRIBE\ndestination:/topic/b\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.sends("SUBSCRIBE\ndestination:/topic/a\n\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "duplicate subscription", "/topic/a", "give it an id");
    }

    @Test
    @DisplayName("item 86: the name of a durable subscription without id is its destination")
    void aDurableSubscriptionWithoutIdIsKnownByItsDestination() {
        var bob = Clients.connectWith(this, "client-id:c");
        bob.sends("SUBSCRIBE\ndurable:true\ndestination:/topic/a\n\n^@");
        bob.sends("SUBSCRIBE\ndurable:true\ndestination:/topic/b\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(broker.durableSubscriptionCount()).isEqualTo(2);
        bob.sends("UNSUBSCRIBE\ndurable:true\ndestination:/topic/a\n\n^@");
        bob.sends("UNSUBSCRIBE\ndurable:true\ndestination:/topic/b\nreceipt:r2\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r2\n\n^@");
        assertThat(broker.durableSubscriptionCount()).isZero();
    }

    @Test
    @DisplayName("a client's own SUBSCRIBE takes the place of the one that the broker made for its reply-to")
    void aSubscribeWithoutIdTakesThePlaceOfTheOneForReplies() {
        var bob = connect();
        bob.sends("SEND\ndestination:/queue/ask\nttl:0\nreply-to:/temp-queue/r\n\n^@");
        bob.sends("SUBSCRIBE\ndestination:/temp-queue/r\nack:client\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.sends("SEND\ndestination:/temp-queue/r\n\nhi^@");
        bob.got("MESSAGE\nsubscription:/temp-queue/r\ndestination:/temp-queue/r\nack:*\n\nhi^@");
        bob.gotNothing();
    }

    @ParameterizedTest
    @DisplayName("item 87: SUBSCRIBE needs a destination")
    @ValueSource(strings = {"1.0", "1.1", "1.2"})
    void subscribeNeedsADestination(String version) {
        var bob = connect(version);
        bob.sends("SUBSCRIBE\nid:0\n\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "missing destination", "SUBSCRIBE");
    }

    @Test
    @DisplayName("item 87: SUBSCRIBE to what is no destination is an ERROR")
    void subscribeToWhatIsNoDestinationIsAnError() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/nowhere/a\nreceipt:r\n\n^@");
        var error = bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination", "/nowhere/a");
        assertThat(error.header("receipt-id")).isEqualTo("r");
    }

    @Test
    @DisplayName("item 88: an id in use is an ERROR, and the first subscription ends with the connection")
    void anIdInUseIsAnError() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@SUBSCRIBE\nid:0\ndestination:/topic/b\n\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "duplicate subscription", "'0'");
        assertThat(broker.topicCount()).isZero();
        connect().sends("SEND\ndestination:/topic/a\n\nhi^@");
        bob.gotNothing();
    }

    @Test
    @DisplayName("item 89: one id on two connections is two subscriptions")
    void idsBelongToTheirConnection() {
        var bob = connect();
        var carol = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/b\n\n^@");
        carol.sends("SUBSCRIBE\nid:0\ndestination:/topic/c\n\n^@");
        carol.sends("SEND\ndestination:/topic/b\n\nfor bob^@SEND\ndestination:/topic/c\n\nfor carol^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/b\n\nfor bob^@");
        carol.got("MESSAGE\nsubscription:0\ndestination:/topic/c\n\nfor carol^@");
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@");
        carol.sends("SEND\ndestination:/topic/c\n\nagain^@");
        carol.got("MESSAGE\nsubscription:0\ndestination:/topic/c\n\nagain^@");
        bob.gotNothing();
    }

    @Test
    @DisplayName("item 89: an id may be used again after UNSUBSCRIBE")
    void anIdMayBeUsedAgain() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@UNSUBSCRIBE\nid:0\n\n^@");
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/b\n\n^@");
        bob.sends("SEND\ndestination:/topic/a\n\na^@SEND\ndestination:/topic/b\n\nb^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/b\n\nb^@");
        bob.gotNothing();
    }

    @Test
    @DisplayName("item 90: two subscriptions to one destination get a MESSAGE each")
    void twoSubscriptionsGetAMessageEach() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:x\ndestination:/topic/a\n\n^@SUBSCRIBE\nid:y\ndestination:/topic/a\n\n^@");
        bob.sends("SEND\ndestination:/topic/a\n\nhi^@");
        bob.got(
                "MESSAGE\nsubscription:x\ndestination:/topic/a\n\nhi^@",
                "MESSAGE\nsubscription:y\ndestination:/topic/a\n\nhi^@");
        bob.gotNothing();
    }

    @ParameterizedTest
    @DisplayName("item 91: an ack mode nobody knows is an ERROR")
    @CsvSource({"1.0,individual", "1.2,Auto", "1.2,''", "1.1,individual", "1.2,'auto '"})
    void anUnknownAckModeIsAnError(String version, String mode) {
        var bob = connect(version);
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nack:" + mode + "\n\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid ack mode", "'" + mode + "'", "auto", "client");
        assertThat(broker.topicCount()).isZero();
    }

    @Test
    @DisplayName("item 91: auto is what no ack header means: nothing has to be acknowledged")
    void autoIsTheDefault() {
        brokerWith(BrokerOptions.builder().queues(q -> q.prefetch(1)).build());
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        bob.sends(
                "SEND\ndestination:/queue/a\n\n1^@SEND\ndestination:/queue/a\n\n2^@SEND\ndestination:/queue/a\n\n3^@");
        assertThat(bob.takeBodies()).containsExactly("1", "2", "3");
        assertThat(bob.session().isFlushed()).isTrue();
    }

    @ParameterizedTest
    @DisplayName("item 92: from 1.1 on UNSUBSCRIBE needs the id of a live subscription that has one")
    @CsvSource({
        "1.1,x:y,missing id",
        "1.2,x:y,missing id",
        "1.1,destination:/topic/a,no such subscription",
        "1.2,destination:/topic/a,no such subscription",
        "1.2,id:1,no such subscription",
        "1.1,id:/topic/a,no such subscription",
        "1.0,id:1,no such subscription",
        "1.0,destination:/topic/b,no such subscription",
        "1.0,x:y,missing destination"
    })
    void unsubscribeNamesALiveSubscription(String version, String header, String message) {
        var bob = connect(version);
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@UNSUBSCRIBE\n" + header + "\nreceipt:r\n\n^@");
        var error = bob.gotError(CloseCode.PROTOCOL_ERROR, message);
        assertThat(error.header("receipt-id")).isEqualTo("r");
    }

    @Test
    @DisplayName("item 92: a 1.0 client may unsubscribe from a destination")
    void a10ClientUnsubscribesFromADestination() {
        var bob = connect("1.0");
        bob.sends("SUBSCRIBE\ndestination:/topic/a\n\n^@SUBSCRIBE\ndestination:/topic/b\n\n^@");
        bob.sends("UNSUBSCRIBE\ndestination:/topic/a\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.sends("SEND\ndestination:/topic/a\n\na^@SEND\ndestination:/topic/b\n\nb^@");
        bob.got("MESSAGE\ndestination:/topic/b\n\nb^@");
        bob.gotNothing();
    }

    @Test
    @DisplayName("item 92: a 1.0 client may name the destination of a subscription with an id")
    void a10ClientUnsubscribesByIdOrDestination() {
        var bob = connect("1.0");
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@SUBSCRIBE\nid:1\ndestination:/topic/b\n\n^@");
        bob.sends("UNSUBSCRIBE\ndestination:/topic/a\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.sends("UNSUBSCRIBE\nid:1\nreceipt:r2\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r2\n\n^@");
        assertThat(broker.topicCount()).isZero();
    }

    @Test
    @DisplayName("item 92: a destination with two subscriptions does not say which one ends")
    void a10ClientNamesOneOfTwoSubscriptionsByItsId() {
        var bob = connect("1.0");
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@SUBSCRIBE\nid:1\ndestination:/topic/a\n\n^@");
        bob.sends("UNSUBSCRIBE\ndestination:/topic/a\n\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "no such subscription", "/topic/a", "by its id");
    }

    @ParameterizedTest
    @DisplayName("item 93: after UNSUBSCRIBE's RECEIPT nothing comes")
    @CsvSource({"/topic/a,auto", "/topic/a,client", "/queue/a,auto", "/queue/a,client"})
    void afterUnsubscribeNothingComes(String destination, String mode) {
        var alice = connectTo(otherLoop);
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\nack:" + mode + "\ndestination:" + destination + "\n\n^@");
        // waits in the mailbox of bob's loop
        alice.feeds("SEND\ndestination:" + destination + "\n\nearly^@");
        bob.feeds("UNSUBSCRIBE\nid:0\nreceipt:r\n\n^@");
        alice.feeds("SEND\ndestination:" + destination + "\n\nlate^@");
        settle();
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.gotNothing();
        assertThat(broker.topicCount()).isZero();
    }

    @ParameterizedTest
    @DisplayName("item 94: SUBSCRIBE's RECEIPT precedes its messages, and what is sent after it arrives")
    @CsvSource({"/topic/a,auto", "/topic/a,client", "/queue/a,auto", "/queue/a,client"})
    void subscribesReceiptIsABarrier(String destination, String mode) {
        var bob = connect();
        bob.sends("SEND\ndestination:" + destination + "\n\nbefore^@");
        bob.sends("SUBSCRIBE\nid:0\nreceipt:r\nack:" + mode + "\ndestination:" + destination + "\n\n^@"
                + "SEND\ndestination:" + destination + "\n\nafter^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(bob.takeBodies())
                .containsExactly(
                        destination.startsWith("/queue") ? new String[] {"before", "after"} : new String[] {"after"});
    }
}
