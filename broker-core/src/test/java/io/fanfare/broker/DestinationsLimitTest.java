package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How many destinations there may be that clients bring up by naming them. */
class DestinationsLimitTest extends BrokerTest {

    private static final String TOO_MANY = "too many destinations";

    @BeforeEach
    void limit() {
        brokerWith(
                BrokerOptions.builder().destinations(d -> d.maxDestinations(3)).build());
    }

    private static String subscribe(int id, String destination) {
        return "SUBSCRIBE\nid:" + id + "\ndestination:" + destination + "\nreceipt:r\n\n^@";
    }

    private Client withThree() {
        var alice = connect();
        alice.sends(subscribe(1, "/topic/a"), subscribe(2, "/queue/b"), "SEND\ndestination:/queue/c\n\nhi^@");
        alice.got("RECEIPT\nreceipt-id:r\n\n^@", "RECEIPT\nreceipt-id:r\n\n^@");
        return alice;
    }

    @Test
    @DisplayName("case 52: a topic, a queue to read and a queue to send to over the limit are ERRORs")
    void oneMoreIsRefused() {
        withThree();
        for (String frame : new String[] {
            subscribe(3, "/topic/d"), subscribe(3, "/queue/d"), "SEND\ndestination:/queue/d\nreceipt:r\n\nhi^@"
        }) {
            var bob = connect();
            bob.sends(frame);
            bob.gotError(CloseCode.OVERLOAD, TOO_MANY, "3 topics and queues", "limit is 3", "max_destinations");
        }
    }

    @Test
    @DisplayName("case 52: those there are can be used as ever")
    void thoseThereAreCanBeUsed() {
        withThree();
        var bob = connect();
        bob.sends(
                subscribe(1, "/topic/a"),
                subscribe(2, "/queue/c"),
                "SEND\ndestination:/topic/nobody-listens\nreceipt:s\n\nhi^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@", "RECEIPT\nreceipt-id:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:s\n\n^@", "MESSAGE\nsubscription:2\ndestination:/queue/c\n\nhi^@");
    }

    @Test
    @DisplayName("case 52: those that nobody uses go and make room")
    void unusedOnesMakeRoom() {
        var alice = withThree();
        alice.sends("UNSUBSCRIBE\nid:1\n\n^@", subscribe(4, "/queue/d"));
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        alice.isLost();
        connect().sends(subscribe(1, "/topic/x"), subscribe(2, "/topic/y"));
        assertThat(broker.topicCount()).isEqualTo(2);
    }

    @Test
    void aSubscriptionToSeveralIsAllOrNothing() {
        withThree().sends("UNSUBSCRIBE\nid:1\n\n^@");
        var bob = Clients.connectWith(this, "soft-errors:true");
        bob.sends(subscribe(1, "/topic/d,/topic/e"));
        assertThat(bob.next("a soft error").header("error-code")).isEqualTo("too-many-destinations");
        assertThat(broker.topicCount()).isZero();
    }

    /** A transaction whose messages each bring up a topic that keeps them. */
    private static String[] commit(int topics, String more) {
        String[] frames = new String[topics + 2];
        frames[0] = "BEGIN\ntransaction:t\n\n^@";
        for (int i = 1; i <= topics; i++) {
            frames[i] = "SEND\ndestination:/topic/k." + i + "\nretain:set\ntransaction:t\n" + more + "\nv^@";
        }
        frames[topics + 1] = "COMMIT\ntransaction:t\nreceipt:c\n\n^@";
        return frames;
    }

    @Test
    @DisplayName(
            "a COMMIT brings up as many topics that keep something as there may be, and with one more nothing at all")
    void aCommitCountsTheTopicsOfAllItsMessages() {
        var eve = connect();
        eve.sends(commit(4, ""));
        eve.gotError(CloseCode.OVERLOAD, TOO_MANY, "3 topics and queues", "limit is 3", "max_destinations");
        assertThat(broker.topicCount()).isZero();
        var alice = connect();
        alice.sends(commit(3, ""));
        alice.got("RECEIPT\nreceipt-id:c\n\n^@");
        assertThat(broker.keptTopicCount()).isEqualTo(3);
        var bob = connect();
        bob.sends("SEND\ndestination:/topic/d\nretain:set\n\nv^@");
        bob.gotError(CloseCode.OVERLOAD, TOO_MANY);
    }

    @Test
    @DisplayName("topics that delayed messages will bring up have their place from the SEND on")
    void delayedMessagesHoldThePlacesOfTheirTopics() {
        var alice = connect();
        alice.sends(commit(2, "delay:1000\n"));
        alice.got("RECEIPT\nreceipt-id:c\n\n^@");
        alice.sends("SEND\ndestination:/topic/c\nretain:set\ndelay:1000\n\nv^@");
        alice.isOpen();
        assertThat(broker.topicCount()).isZero();
        var bob = connect();
        bob.sends("SEND\ndestination:/topic/d\nretain:set\ndelay:1000\n\nv^@");
        bob.gotError(CloseCode.OVERLOAD, TOO_MANY);
        pass(Duration.ofMillis(1_100));
        assertThat(broker.keptTopicCount()).isEqualTo(3);
    }

    @Test
    @DisplayName("topics that a COMMIT brings up count as its connection's destinations")
    void aCommitCountsForItsConnection() {
        brokerWith(BrokerOptions.builder()
                .limits(l -> l.maxDestinationsPerConnection(2))
                .build());
        var alice = connect();
        alice.sends(commit(2, ""));
        alice.got("RECEIPT\nreceipt-id:c\n\n^@");
        alice.sends("SEND\ndestination:/topic/d\nretain:set\n\nv^@");
        alice.gotError(CloseCode.POLICY, TOO_MANY, "3 topics", "max_destinations_per_connection");
        var bob = connect();
        // one is there already, and a subscriber does not make it one that keeps
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/k.3\n\n^@");
        bob.sends(commit(4, ""));
        bob.gotError(CloseCode.POLICY, TOO_MANY, "max_destinations_per_connection");
        assertThat(broker.keptTopicCount()).isEqualTo(2);
    }

    @Test
    void durableSubscriptionsAreLimitedToo() {
        brokerWith(
                BrokerOptions.builder().destinations(d -> d.maxDestinations(1)).build());
        var alice = Clients.connectWith(this, "client-id:alice");
        alice.sends("SUBSCRIBE\nid:1\ndurable:true\ndestination:/topic/a\n\n^@");
        alice.sends("SUBSCRIBE\nid:2\ndurable:true\ndestination:/topic/a\n\n^@");
        alice.gotError(CloseCode.OVERLOAD, "too many durable subscriptions", "1", "max_destinations");
        var again = Clients.connectWith(this, "client-id:alice");
        again.sends("SUBSCRIBE\nid:1\ndurable:true\ndestination:/topic/a\nreceipt:r\n\n^@");
        again.got("RECEIPT\nreceipt-id:r\n\n^@");
        again.sends("UNSUBSCRIBE\nid:1\ndurable:true\n\n^@");
    }
}
