package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.options.TopicRule;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many destinations may be there because of one connection, and when they count for it no more. */
class DestinationQuotaTest extends BrokerTest {

    @BeforeEach
    void limit() {
        brokerWith(BrokerOptions.builder()
                .limits(l -> l.maxDestinationsPerConnection(3))
                .build());
    }

    private static String subscribe(int id, String destination) {
        return "SUBSCRIBE\nid:" + id + "\ndestination:" + destination + "\nreceipt:r\n\n^@";
    }

    private static String send(String destination) {
        return "SEND\ndestination:" + destination + "\nreceipt:r\n\nhi^@";
    }

    private Client connectSoftly() {
        return Clients.connectWith(this, "client-id:c\nsoft-errors:true");
    }

    /** Does these, one after the other. */
    private static void does(Client client, String... frames) {
        for (String frame : frames) {
            client.sends(frame);
            client.got("RECEIPT\nreceipt-id:r\n\n^@");
        }
    }

    private static void isOver(Client client) {
        client.gotError(
                CloseCode.POLICY,
                "too many destinations",
                "4 topics, queues and durable subscriptions",
                "limit is 3",
                "max_destinations_per_connection");
    }

    private static void wasRefused(Client client) {
        assertThat(client.next("a soft error").header("error-code")).isEqualTo("too-many-destinations");
        client.gotNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/topic/d", "/topic/a", "/topic/#", "/queue/d", "/temp-topic/d"})
    @DisplayName("case 52: topics that a connection subscribes to are limited, each of a composite one counts")
    void oneMoreThanTheLimitIsRefused(String destination) {
        var alice = connect();
        does(alice, subscribe(1, "/topic/a,/topic/b"), subscribe(2, "/topic/c.*"));
        alice.sends(subscribe(3, destination));
        isOver(alice);
        does(connect(), subscribe(1, "/topic/d"));
    }

    @Test
    @DisplayName("case 52: queues that a connection brings into being by SEND are limited")
    void soAreQueuesItSendsTo() {
        var alice = connect();
        does(alice, send("/queue/a"), send("/queue/b"), send("/queue/c"), send("/queue/a"), send("/topic/nobody"));
        alice.sends(send("/queue/d"));
        isOver(alice);
        assertThat(broker.queueCount()).isEqualTo(3);
    }

    @Test
    void soIsPresenceThatItWatches() {
        brokerWith(BrokerOptions.builder()
                .limits(l -> l.maxDestinationsPerConnection(3))
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/#").withPresence())))
                .build());
        var alice = connectSoftly();
        String watch = subscribe(1, "/presence/topic/a");
        alice.sends(subscribe(2, "/topic/b,/topic/c"), watch);
        assertThat(alice.takeAll()).extracting(each -> each.find("error-code")).containsOnlyNulls();
        alice.sends(subscribe(3, "/topic/d"));
        wasRefused(alice);
        alice.sends("UNSUBSCRIBE\nid:1\n\n^@");
        does(alice, subscribe(3, "/topic/d"));
        alice.sends(watch);
        wasRefused(alice);
    }

    @Test
    void unsubscribingGivesBack() {
        var alice = connectSoftly();
        does(alice, subscribe(1, "/topic/a,/topic/b"), subscribe(2, "/queue/c"));
        alice.sends(subscribe(3, "/topic/d"));
        wasRefused(alice);
        alice.sends("UNSUBSCRIBE\nid:2\n\n^@");
        does(alice, subscribe(3, "/topic/d"));
        alice.sends("UNSUBSCRIBE\nid:1\n\n^@");
        does(alice, subscribe(4, "/topic/e"), subscribe(5, "/topic/f"));
        alice.sends(subscribe(6, "/topic/g"));
        wasRefused(alice);
    }

    @Test
    void aQueueCountsUntilItIsGone() {
        var alice = connectSoftly();
        var bob = connect();
        does(alice, send("/queue/a"), send("/queue/b"), subscribe(1, "/queue/c"));
        bob.sends("SUBSCRIBE\nid:1\ndestination:/queue/a\n\n^@");
        bob.got("MESSAGE\nsubscription:1\ndestination:/queue/a\n\nhi^@");
        alice.sends(send("/queue/d"));
        wasRefused(alice);
        bob.isLost();
        does(alice, send("/queue/d"));
    }

    @Test
    void aQueueThatItLeavesFullStillCounts() {
        var alice = connectSoftly();
        for (int id = 1; id <= 3; id++) {
            String queue = "/queue/" + id;
            does(alice, "SUBSCRIBE\nid:" + id + "\nack:client\ndestination:" + queue + "\nreceipt:r\n\n^@");
            alice.sends("SEND\ndestination:" + queue + "\n\nhi^@UNSUBSCRIBE\nid:" + id + "\n\n^@");
            alice.takeAll();
        }
        alice.sends(subscribe(4, "/queue/4"));
        wasRefused(alice);
    }

    @Test
    void whatOthersHaveBroughtUpDoesNotCount() {
        does(connect(), send("/queue/a"), send("/queue/b"), send("/queue/c"));
        does(connect(), send("/queue/a"), send("/queue/b"), send("/queue/c"), send("/queue/d"));
    }

    @Test
    void whatOutlivesTheConnectionCountsForNobody() {
        var alice = connect();
        does(alice, send("/queue/a"), send("/queue/b"), send("/queue/c"));
        alice.isLost();
        does(connect(), send("/queue/d"), send("/queue/e"), send("/queue/f"));
        assertThat(broker.queueCount()).isEqualTo(6);
    }

    @Test
    void aSubscriptionToSeveralIsAllOrNothing() {
        var alice = connectSoftly();
        does(alice, subscribe(1, "/topic/a"));
        alice.sends(subscribe(2, "/topic/b,/topic/c,/topic/d"));
        wasRefused(alice);
        assertThat(broker.topicCount()).isEqualTo(1);
        does(alice, subscribe(2, "/topic/b,/topic/c"));
    }

    @Test
    void soIsASendToSeveral() {
        var alice = connectSoftly();
        does(alice, subscribe(1, "/topic/a"));
        alice.sends(send("/queue/b,/queue/c,/queue/d"));
        wasRefused(alice);
        assertThat(broker.queueCount()).isZero();
        does(alice, send("/queue/b,/queue/c"));
    }

    @Test
    void soIsATransaction() {
        var alice = connectSoftly();
        does(alice, subscribe(1, "/topic/a"));
        alice.sends("BEGIN\ntransaction:t\n\n^@");
        for (String queue : new String[] {"b", "c", "d"}) {
            alice.sends("SEND\ndestination:/queue/" + queue + "\ntransaction:t\n\nhi^@");
        }
        alice.sends("COMMIT\ntransaction:t\nreceipt:r\n\n^@");
        wasRefused(alice);
        assertThat(broker.queueCount()).isZero();
        does(alice, send("/queue/b,/queue/c"));
    }

    @Test
    void refusedByTheWholeBrokerNothingCounts() {
        brokerWith(BrokerOptions.builder()
                .destinations(d -> d.maxDestinations(1))
                .limits(l -> l.maxDestinationsPerConnection(1))
                .build());
        var bob = connect();
        does(bob, subscribe(1, "/topic/b"));
        var alice = connectSoftly();
        for (String frame : new String[] {subscribe(1, "/topic/a"), subscribe(1, "/queue/a"), send("/queue/a")}) {
            alice.sends(frame);
            wasRefused(alice);
        }
        bob.isLost();
        does(alice, subscribe(1, "/topic/a"));
    }

    @Test
    void durableSubscriptionsCountUntilTheyEnd() {
        var alice = connectSoftly();
        for (int id = 1; id <= 3; id++) {
            does(alice, "SUBSCRIBE\nid:" + id + "\ndurable:true\ndestination:/topic/a\nreceipt:r\n\n^@");
            // away now, and not at an end
            alice.sends("UNSUBSCRIBE\nid:" + id + "\n\n^@");
        }
        alice.sends(subscribe(4, "/topic/a"));
        wasRefused(alice);
        alice.sends("UNSUBSCRIBE\nid:1\ndurable:true\n\n^@");
        does(alice, subscribe(4, "/topic/a"));
        alice.sends("UNSUBSCRIBE\nid:2\ndurable:true\n\n^@", "UNSUBSCRIBE\nid:3\ndurable:true\n\n^@");
    }

    @Test
    void deadLettersCountForNobody() {
        var alice = connect();
        does(alice, send("/queue/a"), send("/queue/b"), send("/queue/c"));
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:1\nack:client-individual\ndestination:/queue/a\n\n^@");
        bob.sends("NACK\nid:" + bob.takeAll().get(0).header("ack") + "\nrequeue:false\n\n^@UNSUBSCRIBE\nid:1\n\n^@");
        assertThat(broker.queueCount()).isEqualTo(3);
        does(alice, send("/queue/d"));
    }
}
