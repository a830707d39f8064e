package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.testing.HandClock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expired messages that no client asks for: a sweep removes them. */
class ExpirySweepTest extends BrokerTest {

    private final HandClock clock = new HandClock();

    @BeforeEach
    void brokerWithTheClock() {
        brokerWith(BrokerOptions.builder().clock(clock).build());
    }

    @Test
    @DisplayName("item 122: a queue that holds nothing but expired messages goes, also when nobody comes by")
    void aQueueOfExpiredMessagesGoes() {
        connect().sends("SEND\ndestination:/queue/a\nttl:1\n\nold^@");
        assertThat(broker.queueCount()).isEqualTo(1);
        clock.pass(Duration.ofMillis(3));
        pass(Duration.ofSeconds(11));
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    @DisplayName("expired messages of an absent client's durable subscription are swept, and count no more")
    void aDurableSubscriptionsExpiredMessagesAreSwept() {
        var bob = Clients.connectWith(this, "client-id:bob");
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\ndurable:true\n\n^@");
        bob.isLost();
        long before = broker.memoryBytes();
        connect().sends("SEND\ndestination:/topic/a\nttl:1\n\nold^@");
        assertThat(broker.memoryBytes()).isGreaterThan(before);
        clock.pass(Duration.ofMillis(3));
        pass(Duration.ofSeconds(11));
        assertThat(broker.memoryBytes()).isEqualTo(before);
        bob = Clients.connectWith(this, "client-id:bob");
        bob.sends("UNSUBSCRIBE\nid:0\ndurable:true\n\n^@");
    }

    @Test
    @DisplayName("expired messages of a subscription that acknowledges are swept, and count no more")
    void aPrivateQueuesExpiredMessagesAreSwept() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nack:client\nprefetch-count:1\n\n^@");
        var alice = connect();
        alice.sends("SEND\ndestination:/topic/a\n\nheld^@");
        long held = broker.memoryBytes();
        alice.sends("SEND\ndestination:/topic/a\nttl:1\n\nold^@");
        clock.pass(Duration.ofMillis(3));
        pass(Duration.ofSeconds(11));
        assertThat(broker.memoryBytes()).isEqualTo(held);
    }

    @Test
    @DisplayName("messages that expire after they have come back are swept, too")
    void whatComesBackAndExpiresIsSwept() {
        connect().sends("SEND\ndestination:/queue/a\nttl:50\n\nold^@");
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client\n\n^@");
        assertThat(bob.takeBodies()).as("delivered in time").hasSize(1);
        pass(Duration.ofSeconds(11));
        bob.isLost();
        clock.pass(Duration.ofMillis(55));
        pass(Duration.ofSeconds(11));
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    @DisplayName("what an embedder published before the first session is swept once there is one")
    void whatCameBeforeTheFirstSessionIsSwept() {
        broker.publish("/queue/a", Headers.of("ttl", "1"), new byte[10]);
        clock.pass(Duration.ofMillis(3));
        connect();
        pass(Duration.ofSeconds(11));
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    @DisplayName("a message that has time when its queue is swept is swept later, without another message")
    void whatHasTimeAtASweepIsSweptLater() {
        connect().sends("SEND\ndestination:/queue/a\nttl:15000\n\nold^@");
        for (int expected : new int[] {1, 0}) {
            clock.pass(Duration.ofSeconds(11));
            pass(Duration.ofSeconds(11));
            assertThat(broker.queueCount()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @DisplayName(
            "a message that a NACK gives back behind UNSUBSCRIBE is swept when it expires, at once or after its delay")
    @ValueSource(strings = {"", "redelivery-delay:50\n"})
    void whatIsGivenBackAndExpiresIsSwept(String header) {
        connect().sends("SEND\ndestination:/queue/a\nttl:100\n\nold^@");
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client\n\n^@");
        var messages = bob.takeAll();
        assertThat(messages).as("delivered in time").hasSize(1);
        pass(Duration.ofSeconds(11));
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@NACK\nid:" + messages.get(0).header("ack") + "\n" + header + "\n^@");
        pass(Duration.ofMillis(100));
        clock.pass(Duration.ofMillis(105));
        pass(Duration.ofSeconds(11));
        assertThat(broker.queueCount()).isZero();
    }
}
