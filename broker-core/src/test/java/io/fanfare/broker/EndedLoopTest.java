package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.ThreadLoop;
import io.fanfare.testing.Await;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broker outlives the transport, and with it the event loop, that it began with. */
class EndedLoopTest {

    private Broker broker = new Broker();
    private final BlockingQueue<String> got = new LinkedBlockingQueue<>();

    private LocalSubscription subscribe(ThreadLoop loop) throws Exception {
        return subscribe(loop, "/topic/a");
    }

    private LocalSubscription subscribe(ThreadLoop loop, String destination) throws Exception {
        SubscriptionOptions options = SubscriptionOptions.builder().build();
        return broker.subscribe(loop, destination, options, message -> got.add(message.bodyAsString()))
                .toCompletableFuture()
                .get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void delaysAndClearsAreLeftToTheLoopsThatGoOn() throws Exception {
        try (ThreadLoop first = ThreadLoop.started("first")) {
            subscribe(first).close();
        }
        try (ThreadLoop second = ThreadLoop.started("second")) {
            subscribe(second);
            broker.publish("/topic/a", Headers.of("delay", "1"), new byte[] {'a'});
            assertThat(got.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("a");
            broker.clear();
            assertThat(broker.sessionCount()).isZero();
        }
    }

    @Test
    void aDelayThatWaitsOnALoopGoesOnElsewhereWhenTheLoopEnds() throws Exception {
        try (ThreadLoop first = ThreadLoop.started("first");
                ThreadLoop second = ThreadLoop.started("second")) {
            subscribe(first).close();
            broker.publish("/topic/a", Headers.of("delay", "500"), new byte[] {'a'});
            Await.allDone(first);
            subscribe(second);
            first.close();
            assertThat(got.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("a");
        }
    }

    @Test
    void aDelayThatWaitedOnTheLastLoopGoesOnWithTheNextThatComes() throws Exception {
        try (ThreadLoop first = ThreadLoop.started("first")) {
            subscribe(first).close();
            broker.publish("/topic/a", Headers.of("delay", "500"), new byte[] {'a'});
            Await.allDone(first);
        }
        try (ThreadLoop second = ThreadLoop.started("second")) {
            subscribe(second);
            assertThat(got.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("a");
        }
    }

    private LocalSubscription durable(ThreadLoop loop, String destination) throws Exception {
        SubscriptionOptions options = SubscriptionOptions.builder()
                .clientId("desk")
                .header("id", "news")
                .header("durable", "true")
                .build();
        return broker.subscribe(loop, destination, options, message -> got.add(message.bodyAsString()))
                .toCompletableFuture()
                .get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    private void publish(int number) {
        broker.publish("/topic/a", Headers.EMPTY, Integer.toString(number).getBytes(UTF_8));
    }

    private void gotAll(int upTo) throws InterruptedException {
        for (int number = 1; number <= upTo; number++) {
            assertThat(got.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(Integer.toString(number));
        }
        assertThat(got).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("a durable subscription collects messages when the loop on which it was made has ended")
    @ValueSource(strings = {"/topic/a", "/topic/*", "/topic/b,/topic/a"})
    void durable(String destination) throws Exception {
        try (ThreadLoop first = ThreadLoop.started("first");
                ThreadLoop second = ThreadLoop.started("second")) {
            subscribe(second, "/topic/other");
            durable(first, destination).close();
            publish(1);
            first.close();
            publish(2);
            LocalSubscription back = durable(second, destination);
            gotAll(2);
            back.close();
            publish(3);
            durable(second, destination);
            assertThat(got.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("3");
            assertThat(broker.durableSubscriptionCount()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("a durable subscription of the last loop goes on with the next one, and has what came between")
    void durableWithoutALoop() throws Exception {
        try (ThreadLoop first = ThreadLoop.started("first")) {
            durable(first, "/topic/a").close();
        }
        publish(1);
        try (ThreadLoop second = ThreadLoop.started("second")) {
            durable(second, "/topic/a");
            gotAll(1);
        }
    }

    @Test
    @DisplayName("a loop that is started again has its durable subscriptions back from the one that had them meanwhile")
    void startedAgain() throws Exception {
        try (ThreadLoop first = ThreadLoop.started("first");
                ThreadLoop second = ThreadLoop.started("second")) {
            subscribe(second, "/topic/other");
            durable(first, "/topic/a").close();
            first.close();
            publish(1);
            first.start();
            publish(2);
            second.close();
            publish(3);
            durable(first, "/topic/a");
            gotAll(3);
        }
    }

    @Test
    @DisplayName("a durable subscription ends when its client does not come back in time, though its loop has ended")
    void expiry() throws Exception {
        broker = new Broker(BrokerOptions.builder()
                .queues(queues -> queues.durableExpiry(Duration.ofMillis(500)))
                .build());
        try (ThreadLoop first = ThreadLoop.started("first");
                ThreadLoop second = ThreadLoop.started("second")) {
            subscribe(second, "/topic/other");
            durable(first, "/topic/a").close();
            Await.allDone(first);
            first.close();
            Await.until("it is to end", () -> broker.durableSubscriptionCount() == 0);
        }
    }

    @Test
    @DisplayName(
            "nothing is lost, doubled or out of order while the loops of a durable subscription end one after the other")
    void manyEnds() throws Exception {
        ThreadLoop current = ThreadLoop.started("0");
        durable(current, "/topic/*").close();
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicInteger last = new AtomicInteger();
        CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
            while (!isOver.get() && last.get() < 50_000) {
                publish(last.incrementAndGet());
            }
        });
        for (int i = 1; i <= 20; i++) {
            ThreadLoop next = ThreadLoop.started(Integer.toString(i));
            subscribe(next, "/topic/other");
            current.close();
            current = next;
        }
        isOver.set(true);
        publishing.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        durable(current, "/topic/*");
        gotAll(last.get());
        current.close();
    }
}
