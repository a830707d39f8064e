package io.fanfare.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fanfare.frame.Headers;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.SendProperties;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.TopicOptions;
import io.fanfare.options.TopicRule;
import io.fanfare.retention.ReplayRequest;
import io.fanfare.statistics.Count;
import io.fanfare.testing.HandClock;
import io.fanfare.testing.HandLoop;
import io.fanfare.topic.backlog.DeliveryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.slf4j.LoggerFactory;

/** Topics without sessions: two loops that a test turns, and the connections of the subscribers on them. */
abstract class TopicFixture {

    static final Destination TOPIC = Destination.topic("a.b");

    /** Of one that wants patches. */
    static final DeliveryPolicy DELTA =
            new DeliveryPolicy(DeliveryPolicy.Overflow.DISCONNECT, Integer.MAX_VALUE, 0, null, true);

    private static final List<Logger> LOGGERS = Stream.of("io.fanfare.loop", "io.fanfare.topic")
            .map(each -> (Logger) LoggerFactory.getLogger(each))
            .toList();

    final HandClock clock = new HandClock();
    final HandLoop loop = new HandLoop();
    final HandLoop otherLoop = new HandLoop();
    final BrokerLoop brokerLoop = new BrokerLoop(loop, "m-");
    final BrokerLoop otherBrokerLoop = new BrokerLoop(otherLoop, "m-");
    final Loops loops = new Loops(clock);
    Memory memory = new Memory(MemoryOptions.DEFAULT, loops);

    /** How often there was asked whether there is room for one more destination. */
    int roomChecks;

    /** Asked for it. */
    Runnable checkRoom = () -> {};

    Topics topics = topics(TopicOptions.DEFAULT);

    private final ListAppender<ILoggingEvent> bugs = new ListAppender<>();

    TopicFixture() {
        loops.add(loop);
        loops.add(otherLoop);
    }

    final Topics topics(TopicOptions options) {
        topics = new Topics(
                new AtomicLong(),
                () -> {
                    roomChecks++;
                    checkRoom.run();
                },
                memory,
                loops,
                options,
                "e-");
        return topics;
    }

    /** Topics that keep what these rules say. */
    final Topics topics(TopicRule... rules) {
        return topics(TopicOptions.builder().rules(List.of(rules)).build());
    }

    @BeforeEach
    void listenForBugs() {
        bugs.start();
        LOGGERS.forEach(logger -> {
            logger.setAdditive(false);
            logger.addAppender(bugs);
        });
    }

    /** A bug has been logged, as the test wants it. */
    final void aBugWasLogged() {
        assertThat(bugs.list).isNotEmpty();
        bugs.list.clear();
    }

    @AfterEach
    void noBugIsLogged() {
        LOGGERS.forEach(logger -> {
            logger.setAdditive(true);
            logger.detachAppender(bugs);
        });
        assertThat(bugs.list).isEmpty();
    }

    // ---- subscribers ----------------------------------------------------------------------------------------------

    final TestPeer peer() {
        return peer(1 << 20);
    }

    final TestPeer peer(long maxOutboxBytes) {
        return new TestPeer(loop, brokerLoop, memory, maxOutboxBytes);
    }

    /** A connection of its own, subscribed to the destinations. */
    final TestSubscription subscribed(Destination... destinations) {
        return subscribe(new TestSubscription(peer(), "0", destinations));
    }

    final TestSubscription subscribe(TestSubscription subscription) {
        subscribe(subscription, ReplayRequest.NONE);
        return subscription;
    }

    final CompletableFuture<Headers> subscribe(TestSubscription subscription, ReplayRequest request) {
        return subscribe(subscription, request, () -> {});
    }

    final CompletableFuture<Headers> subscribe(
            TestSubscription subscription, ReplayRequest request, Runnable snapshotEnd) {
        if (subscription.policy().delta()) {
            topics.retained().wantPatches();
        }
        List<CompletableFuture<Headers>> receipt = new ArrayList<>();
        loop.run(() -> receipt.add(
                topics.subscribe(subscription.destinations(), subscription, brokerLoop, request, snapshotEnd)));
        return receipt.get(0);
    }

    /** What the RECEIPT of a SUBSCRIBE says, which has been looked for by now. */
    static Headers said(CompletableFuture<Headers> receipt) {
        assertThat(receipt).isDone();
        return receipt.join();
    }

    final void unsubscribe(TestSubscription subscription) {
        loop.run(() -> {
            subscription.end();
            subscription.destinations().forEach(each -> topics.remove(each, subscription, brokerLoop));
        });
        if (subscription.policy().delta()) {
            topics.retained().wantPatchesNoMore();
        }
    }

    // ---- messages -------------------------------------------------------------------------------------------------

    static Message message(String body, String... headers) {
        return message(body, new SendProperties(4, SendProperties.NEVER, 0, null), headers);
    }

    static Message message(String body, SendProperties properties, String... headers) {
        return new Message(Headers.of(headers), body.getBytes(UTF_8), 0, properties, null);
    }

    static String body(Message message) {
        return new String(message.body(), UTF_8);
    }

    /** Publishes to the topic; no turn is taken. */
    final Outcome publish(String... bodies) {
        List<Message> all = new ArrayList<>();
        for (String body : bodies) {
            all.add(message(body));
        }
        return publish(TOPIC, all.toArray(Message[]::new));
    }

    final Outcome publish(Destination topic, Message... messages) {
        return topics.publish(topic, List.of(messages), Topics.Checks.DUE);
    }

    /** Publishes, and takes turns until nothing waits for one. */
    final void publishNow(String... bodies) {
        publish(bodies);
        settle();
    }

    // ---- turns ----------------------------------------------------------------------------------------------------

    final void settle() {
        for (int turns = 0; loop.isWaitedFor() || otherLoop.isWaitedFor(); turns++) {
            assertThat(turns).as("turns without an end").isLessThan(10_000);
            loop.takeTurn();
            otherLoop.takeTurn();
        }
    }

    /** Time goes by: timers get their turn when they are due, and messages expire. */
    final void pass(Duration time) {
        clock.pass(time);
        loop.advance(time);
        otherLoop.advance(time);
        loop.takeTurn();
        otherLoop.takeTurn();
        settle();
    }

    final long delivered() {
        return loop.counts().get(Count.DELIVERED);
    }
}
