package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A durable subscription that goes from one holder to the next loses nothing, and keeps the order of its messages. */
class DurableTakeoverTest extends BrokerTest {

    private static final int MAX_DESTINATIONS = 5;
    private static final String SUBSCRIBE =
            "SUBSCRIBE\nid:news\ndestination:/topic/a\ndurable:true\nack:client-individual\nprefetch-count:1\n\n^@";
    private static final String SEND = "SEND\ndestination:/topic/a\n\n";

    @AfterEach
    void endIt() {
        var bob = bob();
        bob.sends("UNSUBSCRIBE\nid:news\ndurable:true\n\n^@");
        assertThat(broker.durableSubscriptionCount()).isZero();
    }

    private Client bob() {
        return Clients.connectWith(this, "client-id:bob");
    }

    @Test
    @DisplayName("a message on its way to a subscription that ends comes before newer ones to the next")
    void whatWasOnItsWayComesFirst() {
        var bob = bob();
        bob.sends(SUBSCRIBE);
        connect().feeds(SEND + "1^@" + SEND + "2^@");
        // the first is in the mailbox now, and the second waits for its ACK
        loop.takeTurn();
        bob.feeds("UNSUBSCRIBE\nid:news\n\n^@" + SUBSCRIBE);
        settle();
        assertThat(bob.takeBodies()).containsExactly("1");
        bob.isLost();
    }

    @Test
    @DisplayName("a message that waits for a full socket comes before newer ones to the next")
    void whatWaitedForTheSocketComesFirst() {
        brokerWith(BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(1_000)).build());
        var bob = bob();
        bob.stopsReading();
        bob.sends(SUBSCRIBE.replace("prefetch-count:1", "prefetch-count:10"));
        var alice = connect();
        for (int i = 0; i < 10; i++) {
            alice.sends(SEND + i + " " + "x".repeat(100) + "^@");
        }
        bob.sends("UNSUBSCRIBE\nid:news\n\n^@");
        alice.sends(SEND + "newest^@");
        var next = bob();
        next.sends(SUBSCRIBE);
        assertThat(next.takeBodies()).singleElement().asString().contains("x");
        next.isLost();
        bob.isLost();
    }

    @Test
    @DisplayName(
            "a SUBSCRIBE with other terms for which there is no room changes nothing, but for the connection it ends")
    void aRefusedSubscribeChangesNothing() {
        brokerWith(BrokerOptions.builder()
                .destinations(d -> d.maxDestinations(MAX_DESTINATIONS))
                .build());
        var holder = bob();
        holder.sends(SUBSCRIBE);
        var alice = connect();
        for (int i = broker.topicCount(); i < MAX_DESTINATIONS; i++) {
            alice.sends("SUBSCRIBE\nid:" + i + "\ndestination:/topic/other/" + i + "\n\n^@");
        }
        var other = bob();
        other.sends(SUBSCRIBE.replace("/topic/a", "/topic/a,/topic/b"));
        other.gotError(CloseCode.OVERLOAD, "too many destinations", "max_destinations");
        alice.sends(SEND + "hi^@");
        assertThat(holder.takeBodies()).containsExactly("hi");
        holder.isLost();
        var back = bob();
        back.sends(SUBSCRIBE);
        assertThat(back.takeBodies()).containsExactly("hi");
        back.isLost();
        assertThat(broker.topicCount()).isEqualTo(MAX_DESTINATIONS);
        alice.isLost();
    }
}
