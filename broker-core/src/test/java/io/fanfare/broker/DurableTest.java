package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Headers;
import io.fanfare.testing.Received;
import java.time.Duration;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurableTest extends DurableBrokerTest {

    @Test
    void itGoesOnWhileItsClientIsAway() {
        var bob = bob();
        bob.sends(SUBSCRIBE + "\n^@");
        var alice = connect();
        alice.sends(SEND + "\n1^@");
        bob.got("MESSAGE\nsubscription:news\ndestination:/topic/a\n\n1^@");
        bob.isLost();
        alice.sends(SEND + "\n2^@" + SEND + "\n3^@");
        bob = Clients.connectWith(this, "client-id:bob", otherLoop);
        bob.sends(SUBSCRIBE + "receipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.got("MESSAGE\nsubscription:news\ndestination:/topic/a\n\n2^@");
        bob.got("MESSAGE\nsubscription:news\ndestination:/topic/a\n\n3^@");
        alice.sends(SEND + "\n4^@");
        assertThat(bob.takeBodies()).containsExactly("4");
    }

    @Test
    void itGoesOnThroughAPattern() {
        var bob = bob();
        bob.sends(SUBSCRIBE.replace("/topic/a", "/topic/#") + "\n^@");
        bob.isLost();
        connect().sends("SEND\ndestination:/topic/x.y\n\nhi^@");
        bob = bob();
        bob.sends(SUBSCRIBE.replace("/topic/a", "/topic/#") + "\n^@");
        bob.got("MESSAGE\nsubscription:news\ndestination:/topic/x.y\n\nhi^@");
    }

    @Test
    @DisplayName("item 108: what a durable subscription has not settled comes again")
    void whatIsNotSettledComesAgain() {
        var bob = bob();
        bob.sends(SUBSCRIBE + "ack:client\n\n^@");
        connect().sends(SEND + "\n1^@" + SEND + "\n2^@");
        var messages = bob.takeAll();
        bob.sends("ACK\nid:" + messages.get(0).header("ack") + "\n\n^@");
        bob.isLost();
        bob = bob();
        bob.sends(SUBSCRIBE + "ack:client\n\n^@");
        bob.got("MESSAGE\nsubscription:news\ndestination:/topic/a\nack:*\nredelivered:true\ndelivery-count:2\n\n2^@");
        bob.gotNothing();
    }

    @Test
    void unsubscribeWithoutTheHeaderLetsItGoOn() {
        var bob = bob();
        bob.sends(SUBSCRIBE + "\n^@UNSUBSCRIBE\nid:news\n\n^@");
        connect().sends(SEND + "\nhi^@");
        bob.sends(SUBSCRIBE + "\n^@");
        assertThat(bob.takeBodies()).containsExactly("hi");
    }

    @Test
    void unsubscribeWithTheHeaderEndsIt() {
        var bob = bob();
        bob.sends(SUBSCRIBE + "\n^@UNSUBSCRIBE\nid:news\ndurable:true\n\n^@");
        assertThat(broker.durableSubscriptionCount()).isZero();
        assertThat(broker.topicCount()).isZero();
        connect().sends(SEND + "\nhi^@");
        bob.sends(SUBSCRIBE + "\n^@");
        bob.gotNothing();
    }

    @Test
    void aLaterConnectionMayEndIt() {
        var bob = bob();
        bob.sends(SUBSCRIBE + "\n^@");
        bob.isLost();
        bob = bob();
        bob.sends("UNSUBSCRIBE\nid:news\ndurable:true\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(broker.durableSubscriptionCount()).isZero();
        bob.sends("UNSUBSCRIBE\nid:news\ndurable:true\n\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "no such subscription", "news");
    }

    @ParameterizedTest
    @ValueSource(strings = {"activemq.subscriptionName:n", "durable-subscription-name:n"})
    void itMayHaveANameThatIsNotItsId(String header) {
        var bob = bob();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n" + header + "\n\n^@");
        bob.isLost();
        connect().sends(SEND + "\nhi^@");
        bob = bob();
        bob.sends("SUBSCRIBE\nid:7\ndestination:/topic/a\n" + header + "\n\n^@");
        bob.got("MESSAGE\nsubscription:7\ndestination:/topic/a\n\nhi^@");
        bob.sends("UNSUBSCRIBE\nid:7\n" + header + "\n\n^@");
        assertThat(broker.durableSubscriptionCount()).isZero();
    }

    @Test
    void withAnotherSelectorItIsANewOne() {
        var bob = bob();
        bob.sends(SUBSCRIBE + "selector:x = 1\n\n^@");
        bob.isLost();
        connect().sends(SEND + "x:1\n\nold^@");
        bob = bob();
        bob.sends(SUBSCRIBE + "selector:x = 2\n\n^@");
        bob.gotNothing();
        connect().sends(SEND + "x:1\n\nno^@" + SEND + "x:2\n\nyes^@");
        assertThat(bob.takeBodies()).containsExactly("yes");
        assertThat(broker.durableSubscriptionCount()).isEqualTo(1);
    }

    @Test
    void withAnotherDestinationItIsANewOne() {
        var bob = bob();
        bob.sends(SUBSCRIBE + "\n^@");
        bob.isLost();
        connect().sends(SEND + "\nold^@");
        bob = bob();
        bob.sends(SUBSCRIBE.replace("/topic/a", "/topic/b") + "\n^@");
        connect().sends(SEND + "\nno^@SEND\ndestination:/topic/b\n\nyes^@");
        assertThat(bob.takeBodies()).containsExactly("yes");
    }

    @Test
    @DisplayName("no-local leaves out the messages of the connection that has it now, and no others")
    void noLocalIsAboutTheConnectionThatHasIt() {
        var first = bob();
        first.sends(SUBSCRIBE + "no-local:true\n\n^@UNSUBSCRIBE\nid:news\n\n^@" + SEND + "\nold^@");
        var bob = bob();
        bob.sends(SUBSCRIBE + "no-local:true\n\n^@" + SEND + "\nown^@");
        first.sends(SEND + "\nof another^@");
        assertThat(bob.takeBodies()).containsExactly("of another");
    }

    @Test
    @DisplayName("one that has ended is no receiver of its topics any more, of those that its pattern matches either")
    void whatHasEndedReceivesNothing() {
        connect().sends("SUBSCRIBE\nid:0\ndestination:/topic/x.y\n\n^@");
        var bob = bob();
        bob.sends(SUBSCRIBE.replace("/topic/a", "/topic/#") + "\n^@");
        assertThat(receivers()).isEqualTo(2);
        bob.sends("UNSUBSCRIBE\nid:news\ndurable:true\n\n^@");
        assertThat(receivers()).isEqualTo(1);
    }

    private int receivers() {
        int receivers = broker.operations()
                .publishAsOperator("/topic/x.y", Headers.EMPTY, new byte[0])
                .matched();
        settle();
        return receivers;
    }

    @Test
    @DisplayName("without a login, /user is no place for a durable subscription")
    void withoutALoginUserDestinationsAreNotDurable() {
        var bob = bob();
        bob.sends(SUBSCRIBE.replace("/topic/a", "/user/topic/a") + "\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid subscription", "login");
    }

    @Test
    @DisplayName("in 1.0 a durable subscription without id or name is known by its destination")
    void withoutIdOrNameTheDestinationNamesIt() {
        for (String destination : new String[] {"/topic/a", "/topic/b"}) {
            var bob = open();
            bob.sends("CONNECT\naccept-version:1.0\nclient-id:bob\n\n^@SUBSCRIBE\ndurable:true\ndestination:"
                    + destination + "\n\n^@");
            bob.isLost();
        }
        assertThat(broker.durableSubscriptionCount()).isEqualTo(2);
    }

    @Test
    void anotherClientsSubscriptionOfThatNameIsAnother() {
        var bob = bob();
        bob.sends(SUBSCRIBE + "\n^@");
        var carol = Clients.connectWith(this, "client-id:carol");
        carol.sends(SUBSCRIBE + "\n^@");
        bob.isLost();
        connect().sends(SEND + "\nhi^@");
        assertThat(carol.takeBodies()).containsExactly("hi");
        bob = bob();
        bob.sends(SUBSCRIBE + "\n^@");
        assertThat(bob.takeBodies()).containsExactly("hi");
    }

    @Test
    void withoutAClientIdTheHeaderOfAnUnsubscribeMeansNothing() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:news\ndestination:/topic/a\n\n^@UNSUBSCRIBE\nid:news\ndurable:true\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(broker.topicCount()).isZero();
    }

    @Test
    void itNeedsAClientId() {
        var bob = connect();
        bob.sends(SUBSCRIBE + "\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "missing client-id", "client-id");
    }

    @Test
    void nobodyWaitsForItForEver() {
        var bob = bob();
        bob.sends(SUBSCRIBE + "\n^@");
        pass(Duration.ofHours(2));
        assertThat(broker.durableSubscriptionCount()).as("attached").isEqualTo(1);
        bob.isLost();
        pass(Duration.ofMinutes(59));
        assertThat(broker.durableSubscriptionCount()).isEqualTo(1);
        bob = bob();
        bob.sends(SUBSCRIBE + "\n^@");
        pass(Duration.ofMinutes(2));
        assertThat(broker.durableSubscriptionCount()).as("came back in time").isEqualTo(1);
        bob.isLost();
        pass(Duration.ofMinutes(61));
        assertThat(broker.durableSubscriptionCount()).isZero();
        assertThat(broker.topicCount()).isZero();
    }

    @Test
    void ofMoreThanItMayHoldItKeepsTheNewest() {
        var bob = bob();
        bob.sends(SUBSCRIBE + "\n^@");
        bob.isLost();
        var alice = connect();
        for (int i = 1; i <= 8; i++) {
            alice.sends(SEND + "\n" + i + "^@");
        }
        alice.isOpen();
        bob = bob();
        bob.sends(SUBSCRIBE + "\n^@");
        assertThat(bob.takeBodies()).containsExactly("4", "5", "6", "7", "8");
    }

    @Test
    @DisplayName("what its client has and has not settled is not replaced: a newer message is left out")
    void whatIsUnsettledIsNotReplaced() {
        var bob = bob();
        bob.sends(SUBSCRIBE + "ack:client-individual\n\n^@");
        var alice = connect();
        for (int i = 1; i <= 6; i++) {
            alice.sends(SEND + "\n" + i + "^@");
        }
        var five = bob.takeAll();
        assertThat(five).extracting(Received::text).containsExactly("1", "2", "3", "4", "5");
        bob.sends("ACK\nid:" + five.get(4).header("ack") + "\n\n^@");
        bob.gotNothing();
        alice.sends(SEND + "\n7^@");
        assertThat(bob.takeBodies()).containsExactly("7");
    }

    @Test
    @DisplayName("a large message makes room for itself, however many old ones that takes")
    void aLargeMessageMakesRoom() {
        int small = 12_000;
        brokerWith(BrokerOptions.builder()
                .queues(q -> q.durableExpiry(Duration.ofHours(1)).maxQueueBytes(2L << 20))
                .build());
        var bob = bob();
        bob.sends(SUBSCRIBE + "\n^@");
        bob.isLost();
        for (int i = 0; i < small; i++) {
            broker.publish("/topic/a", Headers.EMPTY, new byte[0]);
            if (i % 100 == 0) {
                settle();
            }
        }
        settle();
        broker.publish("/topic/a", Headers.EMPTY, new byte[2_090_000]);
        broker.publish("/topic/a", Headers.EMPTY, new byte[2 << 20]);
        settle();
        bob = bob();
        bob.sends(SUBSCRIBE + "\n^@");
        assertThat(bob.takeBodies())
                .as("the newest that fit")
                .last(InstanceOfAssertFactories.STRING)
                .hasSize(2_090_000);
    }

    @ParameterizedTest
    @DisplayName("a message that is as large as the queue may be replaces all others, a larger one none")
    @CsvSource({"0,large", "1,small"})
    void aMessageMayBeAsLargeAsTheQueue(int missing, String kept) {
        String large = "SEND\ndestination:/queue/a\nx:large\n\n" + "x".repeat(3000) + "^@";
        connect().sends(large);
        long size = broker.inspection().queue("/queue/a").orElseThrow().bytes();
        brokerWith(BrokerOptions.builder()
                .queues(q -> q.durableExpiry(Duration.ofHours(1)).maxQueueBytes(size - missing))
                .build());
        var bob = bob();
        bob.sends(SUBSCRIBE + "\n^@");
        bob.isLost();
        long before = broker.memoryBytes();
        connect().sends(SEND + "x:small\n\n1^@" + large.replace("/queue/a", "/topic/a"));
        assertThat(broker.memoryBytes() - before).isLessThanOrEqualTo(size - missing + 100);
        bob = bob();
        bob.sends(SUBSCRIBE + "\n^@");
        assertThat(bob.takeAll()).extracting(message -> message.header("x")).containsExactly(kept);
    }

    @Test
    void durableMeansNothingForAQueue() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\ndurable:true\n\n^@");
        connect().sends("SEND\ndestination:/queue/a\n\nhi^@");
        assertThat(bob.takeBodies()).containsExactly("hi");
        assertThat(broker.durableSubscriptionCount()).isZero();
    }

    @Test
    void endingAQueuesSubscriptionLeavesTheDurableOneOfThatName() {
        var bob = bob();
        bob.sends(SUBSCRIBE + "\n^@UNSUBSCRIBE\nid:news\n\n^@");
        connect().sends(SEND + "\n1^@");
        bob.sends("SUBSCRIBE\nid:news\ndestination:/queue/a\ndurable:true\n\n^@");
        bob.sends("UNSUBSCRIBE\nid:news\ndurable:true\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.sends(SUBSCRIBE + "\n^@");
        bob.got("MESSAGE\nsubscription:news\ndestination:/topic/a\n\n1^@");
    }
}
