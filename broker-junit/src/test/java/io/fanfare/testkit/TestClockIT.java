package io.fanfare.testkit;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fanfare.options.TopicRule;
import io.fanfare.security.Credentials;
import io.fanfare.security.Principal;
import io.fanfare.testkit.wire.Transport;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a broker does by a clock that a test moves, over real sockets. */
class TestClockIT {

    private final TestBroker broker = TestBroker.builder()
            .topic(TopicRule.of("/topic/minute").history(10, ofMinutes(1), 1 << 20))
            .topic(TopicRule.of("/topic/last").retainLast())
            .topic(TopicRule.of("/topic/room").withPresence())
            .options(o -> o.auth(auth -> auth.authenticator(this::login)))
            .timeout(ofSeconds(20))
            .start();

    /** A login lasts an hour, by the broker's clock. */
    private CompletableFuture<Principal> login(Credentials credentials) {
        Instant end = broker.clock().instant().plus(ofHours(1));
        return CompletableFuture.completedFuture(new Principal("user", Set.of(), Map.of(), end));
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private void advance(Duration time) {
        broker.clock().advance(time);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void delayedMessageComesWhenItsTimeHasCome(Transport transport) {
        broker.clock().stop();
        TestConnection client = broker.connect(ConnectOptions.DEFAULT.over(transport));
        TestSubscription later = client.subscribe("/topic/later");
        client.send("/topic/later", "ten", "delay", "10000").awaitReceipt();
        client.send("/topic/later", "five", "delay", "5000").awaitReceipt();
        client.send("/topic/later", "thirty", "delay", "30000").awaitReceipt();
        advance(ofMillis(4_900));
        later.expectNone();
        advance(ofMillis(100));
        broker.expect("/topic/later").count(1);
        advance(ofMinutes(1));
        assertThat(broker.messages("/topic/later")).hasSize(3);
        later.expectInOrder("five", "ten", "thirty");
    }

    @Test
    void clockRunsWhileItIsNotStopped() {
        TestConnection client = broker.connect();
        client.send("/topic/later", "soon", "delay", "50").awaitReceipt();
        broker.expect("/topic/later").within(ofSeconds(60)).body("soon");
    }

    @Test
    void stoppedClockStandsStill() {
        broker.clock().stop();
        long before = broker.clock().nanoTime();
        broker.connect().send("/topic/later", "never", "delay", "1").awaitReceipt();
        broker.expectNone("/topic/later").within(ofMillis(50));
        assertThat(broker.clock().nanoTime()).isEqualTo(before);
        broker.clock().resume();
        broker.expect("/topic/later").count(1);
    }

    @Test
    void messagesExpire() {
        TestConnection client = broker.connect();
        client.send("/queue/a", "short", "ttl", "60000").awaitReceipt();
        client.send("/queue/a", "long", "ttl", "7200000").awaitReceipt();
        client.send("/topic/last", "value", "ttl", "60000").awaitReceipt();
        advance(ofSeconds(61));
        broker.connect().subscribe("/topic/last").expectNone();
        broker.connect().subscribe("/queue/a").expect("long");
    }

    @Test
    void historyGrowsOld() {
        TestConnection client = broker.connect();
        client.send("/topic/minute", "old").awaitReceipt();
        advance(ofSeconds(50));
        client.send("/topic/minute", "young").awaitReceipt();
        advance(ofSeconds(20));
        TestSubscription replayed = client.subscribe("/topic/minute", "from", "first");
        replayed.expect("young");
        replayed.expectNone();
    }

    @Test
    void tokenExpires() {
        TestConnection client = broker.connect("user");
        advance(ofMinutes(59));
        client.send("/topic/a", "still here").awaitReceipt();
        advance(ofMinutes(1));
        assertThat(client.next().header("message")).isEqualTo("session expired");
        client.awaitClosed();
    }

    @Test
    void silentClientIsCutAndTheOthersAreNot() {
        TestConnection silent =
                broker.connect(ConnectOptions.as("user").over(Transport.TCP).header("heart-beat", "10000,0"));
        TestConnection other = broker.connect(ConnectOptions.as("user").over(Transport.TCP));
        advance(ofSeconds(15));
        assertThat(silent.isOpen()).isTrue();
        advance(ofSeconds(10));
        silent.awaitClosed();
        other.send("/topic/a", "still here").awaitReceipt();
    }

    @Test
    void heartBeatsComeAsOftenAsTheyAreDue() {
        broker.clock().stop();
        TestConnection client =
                broker.connect(ConnectOptions.as("user").over(Transport.TCP).header("heart-beat", "0,5000"));
        advance(ofSeconds(26));
        client.barrier();
        assertThat(client.heartBeats()).isEqualTo(5);
    }

    @Test
    void presenceEndsWhenTheGraceTimeIsOver() {
        broker.clock().stop();
        TestConnection watcher = broker.connect();
        TestConnection alice = broker.connect(ConnectOptions.as("user").header("client-id", "a"));
        alice.subscribe("/topic/room");
        advance(ofSeconds(1));
        TestSubscription presence = watcher.subscribe("/presence/topic/room");
        assertThat(presence.next().header("presence")).isEqualTo("here");
        alice.drop();
        advance(ofSeconds(3));
        presence.expectNone();
        advance(ofSeconds(3));
        assertThat(presence.next().header("presence")).isEqualTo("leave");
    }

    @Test
    void timeOfDayMovesTooAndIsTheMachinesAgainAfterAClear() {
        advance(ofDays(2));
        assertThat(broker.clock().instant()).isCloseTo(Instant.now().plus(ofDays(2)), within(60, ChronoUnit.SECONDS));
        TestConnection client = broker.connect();
        TestSubscription topic = client.subscribe("/topic/a");
        client.send("/topic/a", "hi");
        long timestamp = Long.parseLong(topic.next().header("timestamp"));
        assertThat(Instant.ofEpochMilli(timestamp)).isAfter(Instant.now().plus(ofDays(1)));
        broker.clock().stop();
        broker.clear();
        assertThat(broker.clock().instant()).isCloseTo(Instant.now(), within(60, ChronoUnit.SECONDS));
        broker.connect().send("/topic/b", "soon", "delay", "50").awaitReceipt();
        broker.expect("/topic/b").within(ofSeconds(60)).count(1);
    }

    @Test
    void everyBrokerHasItsOwn() {
        try (TestBroker other = TestBroker.start()) {
            other.connect().send("/topic/later", "hi", "delay", "60000").awaitReceipt();
            advance(ofMinutes(2));
            other.expectNone("/topic/later").soFar();
            other.clock().advance(ofMinutes(2));
            other.expect("/topic/later").count(1);
        }
    }
}
