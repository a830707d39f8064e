package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
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
