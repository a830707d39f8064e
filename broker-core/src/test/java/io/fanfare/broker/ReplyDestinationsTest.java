package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which temporary destinations of a reply-to the broker subscribes to, for clients that do not do so themselves. */
class ReplyDestinationsTest extends BrokerTest {

    private static String asks(String temporary) {
        return "SEND\ndestination:/topic/service\nreply-to:" + temporary + "\nreceipt:r\n\nping^@";
    }

    private static String subscribe(String id, String destination) {
        return "SUBSCRIBE\nid:" + id + "\ndestination:" + destination + "\n\n^@";
    }

    /** How many subscriptions the client has, as operators see it. */
    private int subscriptions() {
        return broker.sessions().get(0).subscriptions();
    }

    @Test
    void whatTheClientHasSubscribedToItselfIsItsOwnAffairAlsoAfterItsUnsubscribe() {
        Client client = connect();
        client.sends(subscribe("mine", "/temp-topic/r"), "UNSUBSCRIBE\nid:mine\n\n^@", asks("/temp-topic/r"));
        client.got("RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(subscriptions()).isZero();
        assertThat(broker.topicCount()).isZero();
    }

    @Test
    @DisplayName("as many such destinations are remembered as a connection may have subscriptions, the last ones")
    void theLastOnesAreRemembered() {
        brokerWith(BrokerOptions.builder().limits(l -> l.maxSubscriptions(2)).build());
        Client client = connect();
        for (String name : new String[] {"a", "b", "c"}) {
            client.sends(subscribe("mine", "/temp-topic/" + name), "UNSUBSCRIBE\nid:mine\n\n^@");
        }
        client.sends(asks("/temp-topic/b"), asks("/temp-topic/c"));
        client.got("RECEIPT\nreceipt-id:r\n\n^@", "RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(subscriptions()).isZero();
        client.sends(asks("/temp-topic/a"));
        client.got("RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(subscriptions()).isEqualTo(1);
    }

    @Test
    void whatTheBrokerHasSubscribedToDoesNotComeBackAfterTheClientsUnsubscribe() {
        Client client = connect();
        client.sends(asks("/temp-topic/r"), "UNSUBSCRIBE\nid:/temp-topic/r\n\n^@", asks("/temp-topic/r"));
        client.got("RECEIPT\nreceipt-id:r\n\n^@", "RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(subscriptions()).isZero();
    }

    @Test
    void aSubscriptionToAnythingElseWithThatIdIsLeftAsItIs() {
        Client client = connect();
        client.sends(subscribe("/temp-topic/r", "/topic/news"), asks("/temp-topic/r"));
        client.got("RECEIPT\nreceipt-id:r\n\n^@");
        client.sends("SEND\ndestination:/topic/news\n\nhi^@");
        client.got("MESSAGE\nsubscription:/temp-topic/r\ndestination:/topic/news\n\nhi^@");
    }

    @ParameterizedTest
    @DisplayName("the subscription that the broker has made ends where the client's own takes its place")
    @ValueSource(strings = {"/temp-topic/r", "/temp-queue/r"})
    void theClientsOwnTakesItsPlace(String temporary) {
        Client client = connect();
        client.sends(asks(temporary));
        client.got("RECEIPT\nreceipt-id:r\n\n^@");
        client.sends(subscribe(temporary, temporary), "SEND\ndestination:" + temporary + "\n\npong^@");
        client.got("MESSAGE\nsubscription:" + temporary + "\ndestination:" + temporary + "\n\npong^@");
        client.gotNothing();
        assertThat(subscriptions()).isEqualTo(1);
    }
}
