package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Outcome;
import io.fanfare.testing.Await;
import io.fanfare.testing.HandBackplane;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of the program that the broker runs in. */
class EmbeddedPublisherTest extends BrokerTest {

    private final HandBackplane node = new HandBackplane("n1", new ArrayList<>());

    private Outcome publish(String destination, String... headers) {
        Outcome outcome = broker.publish(destination, Headers.of(headers), "hi".getBytes(UTF_8));
        settle();
        return outcome;
    }

    @Test
    void theOutcomeIsWhatAReceiptTells() {
        assertThat(publish("/topic/a")).isEqualTo(new Outcome(0, 0, 0, 1));
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        assertThat(publish("/topic/a")).isEqualTo(new Outcome(1, 1, 0, 0));
        assertThat(publish("/topic/a,/queue/b,/topic/c")).isEqualTo(new Outcome(2, 1, 1, 1));
        assertThat(publish("/topic/a", "expires", "1")).isEqualTo(new Outcome(1, 0, 0, 1));
        assertThat(bob.takeBodies()).containsExactly("hi", "hi");
    }

    @Test
    void aDelayedMessageHasNoOutcomeYet() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        assertThat(publish("/topic/a", "delay", "1000")).isEqualTo(Outcome.NOTHING);
        bob.gotNothing();
        pass(Duration.ofSeconds(2));
        assertThat(bob.takeBodies()).containsExactly("hi");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/temp-queue/r", "/temp-topic/r"})
    void aTemporaryDestinationOfNoConnectionIsRefused(String temporary) {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> publish(temporary))
                .withMessageContaining("comes from none");
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> publish("/topic/a", "reply-to", temporary))
                .withMessageContaining("comes from none");
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    void anAnswerReachesTheClientThatAsked() {
        var client = connect();
        client.sends("SUBSCRIBE\nid:0\ndestination:/queue/service\n\n^@");
        client.sends("SEND\ndestination:/queue/service\nreply-to:/temp-queue/r\n\nping^@");
        String replyTo = client.takeAll().get(0).header("reply-to");
        assertThat(publish(replyTo)).isEqualTo(new Outcome(1, 1, 0, 0));
        client.got("MESSAGE\nsubscription:/temp-queue/r\ndestination:/temp-queue/r\n\nhi^@");
        publish("/queue/service", "reply-to", replyTo);
        assertThat(client.takeAll().get(0).header("reply-to")).isEqualTo(replyTo);
        client.isLost();
        assertThat(publish(replyTo).dropped()).isEqualTo(1);
    }

    @Test
    void whatIsRefusedSaysWhy() {
        brokerWith(BrokerOptions.builder().memory(m -> m.maxMemoryBytes(100)).build());
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> publish("/nowhere"))
                .withMessageContaining("invalid destination");
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> publish("/queue/a", "AMQ_SCHEDULED_CRON", "* * * * *"))
                .withMessageContaining("AMQ_SCHEDULED_CRON");
        publish("/queue/a");
        assertThat(broker.isMemoryFull()).isTrue();
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> publish("/queue/a"))
                .withMessageContaining("max_memory_bytes");
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        broker.drain(Duration.ZERO);
        settle();
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> publish("/topic/a"))
                .withMessageContaining("restart");
    }

    // ---- subscribers that are behind --------------------------------------------------------------------------------

    /** A subscriber whose socket is full, and for whom more than half of an outbox waits. */
    private Client subscriberThatIsBehind() {
        Client bob = connectTo(otherLoop);
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        bob.connection().room(0);
        for (int i = 0; i < 100; i++) {
            onALoop(() -> publishLarge("/topic/a"));
        }
        bob.isOpen();
        return bob;
    }

    /** Does something on an event loop of the broker, where nothing waits. */
    private void onALoop(Runnable task) {
        if (broker.sessionCount() < 2) {
            connectTo(loop);
        }
        loop.run(task);
        settle();
    }

    private Outcome publishLarge(String destination) {
        return broker.publish(destination, Headers.EMPTY, new byte[1_000]);
    }

    private void brokerWithOutboxes(int bytes, long highMemoryBytes, Duration writeTimeout) {
        brokerWith(BrokerOptions.builder()
                .outbox(o -> o.maxOutboxBytes(bytes).writeTimeout(writeTimeout))
                .memory(m -> m.highMemoryBytes(highMemoryBytes))
                .backplane(node)
                .build());
    }

    @Test
    void theProgramWaitsForASubscriberThatReads() {
        brokerWithOutboxes(100_000, 10_000_000, Duration.ofMinutes(10));
        Client bob = subscriberThatIsBehind();
        Thread program = programThatWaits();
        assertThat(publishLarge("/topic/other").dropped()).as("other topics").isEqualTo(1);
        bob.reads();
        settle();
        Await.until("it goes on", () -> !program.isAlive());
        settle();
        assertThat(bob.takeAll()).hasSize(101);
    }

    private Thread programThatWaits() {
        Thread program = new Thread(() -> publishLarge("/topic/a"));
        program.start();
        Await.until("it waits", () -> program.getState() == Thread.State.TIMED_WAITING);
        return program;
    }

    @Test
    void theProgramLooksOnceForRoomWhenASubscriberHasReadAll() {
        brokerWithOutboxes(100_000, 10_000_000, Duration.ofMinutes(10));
        Client bob = subscriberThatIsBehind();
        Thread program = programThatWaits();
        int looks = node.underWayAsked.get();
        for (int i = 0; i < 1_000; i++) {
            bob.hasRoom(10);
        }
        bob.reads();
        Await.until("it goes on", () -> !program.isAlive());
        assertThat(node.underWayAsked).hasValue(looks + 1);
        settle();
        assertThat(bob.takeAll()).hasSize(101);
    }

    @Test
    void theProgramWaitsWhileALoopHasMoreToHandOutThanATurnShouldBring() {
        brokerWithOutboxes(100_000, 10_000_000, Duration.ofMinutes(10));
        Client bob = connectTo(otherLoop);
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        connectTo(loop);
        loop.run(() -> {
            while (!otherLoop.mailbox().isFull()) {
                publishLarge("/topic/a");
            }
        });
        Thread program = programThatWaits();
        settle();
        Await.until("it goes on", () -> !program.isAlive());
        settle();
        assertThat(broker.bytesUnderWay()).isZero();
    }

    @Test
    void theProgramGoesOnWhenLittleIsUnderWayToOtherNodes() {
        brokerWithOutboxes(100_000, 10_000_000, Duration.ofMinutes(10));
        node.underWay = 10_000_001;
        Thread program = programThatWaits();
        node.underWay = 0;
        Await.until("it goes on", () -> !program.isAlive());
    }

    @Test
    void aProgramThatIsInterruptedWaitsNoLonger() {
        brokerWithOutboxes(100_000, 10_000_000, Duration.ofMinutes(10));
        Client bob = subscriberThatIsBehind();
        Thread program = programThatWaits();
        program.interrupt();
        Await.until("it goes on", () -> !program.isAlive());
        bob.reads();
        assertThat(bob.takeAll()).hasSize(101);
    }

    @Test
    void theProgramWaitsABoundedTimeAndItsMessageIsTakenAllTheSame() {
        brokerWithOutboxes(100_000, 10_000_000, Duration.ofMillis(200));
        Client bob = subscriberThatIsBehind();
        assertThat(publishLarge("/topic/a").delivered()).isEqualTo(1);
        bob.reads();
        pass(Duration.ofMillis(40));
        assertThat(bob.takeAll()).hasSize(101);
    }

    @Test
    void anOperatorIsRefusedWhileSubscribersAreBehind() {
        brokerWithOutboxes(100_000, 10_000_000, Duration.ofSeconds(10));
        Client bob = subscriberThatIsBehind();
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> broker.operations().publishAsOperator("/topic/a", Headers.EMPTY, new byte[1]))
                .withMessageContaining("max_outbox_bytes")
                .matches(refusal -> refusal.closeCode() == CloseCode.OVERLOAD);
        bob.reads();
        pass(Duration.ofMillis(40));
        assertThat(broker.operations()
                        .publishAsOperator("/topic/a", Headers.EMPTY, new byte[1])
                        .delivered())
                .isEqualTo(1);
    }

    @Test
    void anEventLoopIsRefusedWhileTooMuchIsUnderWay() {
        brokerWithOutboxes(100_000, 50_000, Duration.ofSeconds(10));
        Client bob = connectTo(otherLoop);
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        bob.connection().room(0);
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        onALoop(() -> publishLarge("/topic/a"));
                    }
                })
                .withMessageContaining("high_memory_bytes");
        bob.isOpen();
    }
}
