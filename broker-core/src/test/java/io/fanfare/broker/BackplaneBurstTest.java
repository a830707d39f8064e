package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.backplane.LocalNode;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Sender;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.testing.HandBackplane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Other nodes' messages come faster than a subscriber of this one takes them: their publishers are elsewhere, and send on. */
class BackplaneBurstTest extends BurstBrokerTest {

    private static final int MANY = 500;

    private final List<HandBackplane> nodes = new ArrayList<>();
    private Client alice;

    /** Two nodes, of which the broker of this test is the one that alice is not at. */
    private void nodesWith(long highMemoryBytes) {
        brokerWith(options(new HandBackplane("n1", nodes), highMemoryBytes));
        alice = connect();
        brokerWith(options(new HandBackplane("n2", nodes), highMemoryBytes));
    }

    private static BrokerOptions options(HandBackplane backplane, long highMemoryBytes) {
        return BrokerOptions.builder()
                .backplane(backplane)
                .outbox(o -> o.maxOutboxBytes(LIMIT))
                .memory(m -> m.highMemoryBytes(highMemoryBytes))
                .build();
    }

    /** Messages that are numbered from 0, one at a time. */
    private void publishes(int messages) {
        for (int i = 0; i < messages; i++) {
            publish("/topic/a", i);
        }
    }

    private void publish(String topic, int number) {
        alice.sends("SEND\ndestination:" + topic + "\n\n" + body(number) + "^@");
    }

    @Test
    void aSubscriberThatReadsGetsAllAndOthersInOrder() {
        nodesWith(100 * LIMIT);
        Client bob = subscriber("/topic/a");
        Client carol = subscriber("/topic/a", "/topic/b");
        bob.connection().room(0);
        publishes(MANY);
        publish("/topic/b", MANY);
        readsAll(bob, MANY);
        assertThat(numbers(bob.takeAll())).isEqualTo(upTo(MANY));
        assertThat(numbers(carol.takeAll())).isEqualTo(upTo(MANY + 1));
    }

    @Test
    void aSubscriberThatTakesNothingIsWaitedForNoLongerThanLocally() {
        nodesWith(100 * LIMIT);
        Client bob = subscriber("/topic/a");
        Client carol = subscriber("/topic/a");
        bob.stopsReading();
        publishes(MANY);
        pass(Duration.ofMillis(1_200));
        assertThat(bob.connection().closeCode()).isEqualTo(CloseCode.OVERLOAD);
        assertThat(numbers(carol.takeAll())).isEqualTo(upTo(MANY));
    }

    @Test
    void whatWaitsForOneHasALimitSinceTheirPublishersDoNotWait() {
        nodesWith(2 * LIMIT);
        Client bob = subscriber("/topic/a");
        Client carol = subscriber("/topic/a");
        bob.stopsReading();
        publishes(MANY);
        assertThat(bob.connection().closeCode()).isEqualTo(CloseCode.OVERLOAD);
        pass(Duration.ofMillis(40));
        assertThat(numbers(carol.takeAll())).isEqualTo(upTo(MANY));
    }

    /** Its publisher was told already, when NATS kept it. */
    @Test
    void whatComesBackFromWhereItIsKeptWaitsTheSameWay() {
        nodesWith(100 * LIMIT);
        Client bob = subscriber("/topic/a");
        bob.connection().room(0);
        LocalNode local = nodes.get(1).local();
        Sender echo = new Sender(new DestinationQuota(1)).echo();
        for (int i = 0; i < MANY; i++) {
            Frame send = new Frame(Command.SEND, Headers.of("destination", "/topic/a"), body(i).getBytes(UTF_8));
            local.deliver(Destination.topic("a"), List.of(Message.of(send, local.clock(), echo)));
            settle();
        }
        readsAll(bob, MANY);
        assertThat(numbers(bob.takeAll())).isEqualTo(upTo(MANY));
    }
}
