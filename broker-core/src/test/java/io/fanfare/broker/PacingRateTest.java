package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SUBSCRIBE {@code max-rate} to the message: what comes at once, when the next one is due, and what a page leaves behind. */
class PacingRateTest extends BrokerTest {

    private static final Duration TICK = Duration.ofMillis(17);

    private Client subscriber(String headers) {
        Client client = connect();
        client.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n" + headers + "\n\n^@");
        return client;
    }

    /** Messages of different keys, in one turn. */
    private void publish(int from, int to) {
        StringBuilder frames = new StringBuilder();
        for (int i = from; i <= to; i++) {
            frames.append("SEND\ndestination:/topic/a\nkey:" + i + "\n\n" + i + "^@");
        }
        connectTo(otherLoop).sends(frames.toString());
    }

    @ParameterizedTest
    @CsvSource({"1,1", "19,1", "20,1", "39,1", "40,2", "1000,50"})
    @DisplayName("what comes at once is the part of a twentieth of a second, and one message at least")
    void aBurstIsATwentiethOfASecond(int rate, int atOnce) {
        Client bob = subscriber("max-rate:" + rate + "\nconflate:key");
        publish(1, 200);
        assertThat(bob.takeAll()).hasSize(atOnce);
        bob.isLost();
    }

    @Test
    @DisplayName("after a burst the rate is kept")
    void afterABurstTheRateIsKept() {
        Client bob = subscriber("max-rate:100\nconflate:key");
        publish(1, 200);
        assertThat(bob.takeAll()).as("at once").hasSize(5);
        pass(Duration.ofSeconds(1));
        assertThat(bob.takeAll())
                .as("in a second, whose last timer is a tick late")
                .hasSizeBetween(98, 100);
        bob.isLost();
    }

    @Test
    @DisplayName("a message comes at once when its interval is over, and waits a moment before that")
    void theIntervalIsExact() {
        Client bob = subscriber("max-rate:1");
        publish(1, 1);
        assertThat(bob.takeBodies()).containsExactly("1");
        pass(Duration.ofSeconds(1));
        publish(2, 2);
        assertThat(bob.takeBodies()).containsExactly("2");
        pass(Duration.ofMillis(999));
        publish(3, 3);
        bob.gotNothing();
        pass(TICK.plusMillis(1));
        assertThat(bob.takeBodies()).containsExactly("3");
        pass(Duration.ofSeconds(2));
        bob.gotNothing();
    }

    @Test
    @DisplayName("the highest rate is a million a second")
    void theHighestRateIsTaken() {
        Client bob = subscriber("max-rate:1000000\nreceipt:r");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        publish(1, 500);
        assertThat(bob.takeAll()).hasSize(500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/topic/a", "/topic/*"})
    @DisplayName("a page that leaves with a message waiting leaves neither its timer nor its memory behind")
    void aPageThatLeavesLeavesNoTimer(String destination) {
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:" + destination + "\nmax-rate:1\n\n^@");
        publish(1, 2);
        assertThat(broker.memoryBytes()).isPositive();
        assertThat(loop.nanosToTimer())
                .isLessThanOrEqualTo(Duration.ofMillis(1_020).toNanos());
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@");
        assertThat(broker.memoryBytes()).isZero();
        assertThat(loop.nanosToTimer()).isGreaterThan(Duration.ofSeconds(2).toNanos());
    }

    @Test
    @DisplayName("a page that comes back begins with a message at once")
    void aPageThatComesBackBeginsAnew() {
        Client bob = subscriber("max-rate:1");
        publish(1, 2);
        assertThat(bob.takeBodies()).containsExactly("1");
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@SUBSCRIBE\nid:0\ndestination:/topic/a\nmax-rate:1\n\n^@");
        publish(3, 3);
        assertThat(bob.takeBodies()).containsExactly("3");
    }
}
