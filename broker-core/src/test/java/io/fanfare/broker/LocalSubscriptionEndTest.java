package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Headers;
import io.fanfare.loop.ThreadLoop;
import io.fanfare.testing.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of messages that wait for a handler, or are with it, when its subscription ends. */
class LocalSubscriptionEndTest {

    private final ThreadLoop loop = ThreadLoop.started("loop");
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final Broker broker = new Broker();
    private final List<String> got = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    /** Subscribes with a handler that does not come back from its first message before {@link #goOn}. */
    private LocalSubscription subscribe(
            String destination, SubscriptionOptions.Builder options, Consumer<Delivery> verdict) throws Exception {
        return broker.subscribe(loop, destination, options.executor(executor).build(), message -> {
                    got.add(message.bodyAsString());
                    inside.countDown();
                    goOn.await();
                    verdict.accept(message);
                })
                .toCompletableFuture()
                .get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Publishes messages, and returns when the handler has the first one and the others wait for it. */
    private void publish(String destination, String... bodies) throws InterruptedException {
        for (String body : bodies) {
            broker.publish(destination, Headers.EMPTY, body.getBytes(StandardCharsets.UTF_8));
        }
        inside.await();
        Await.allDone(loop);
    }

    private void releaseAndAwaitHandler() throws Exception {
        goOn.countDown();
        executor.submit(() -> {}).get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    private int depth(String queue) {
        return broker.inspection().queue(queue).map(status -> status.depth()).orElse(0);
    }

    @AfterEach
    void end() throws InterruptedException {
        goOn.countDown();
        executor.shutdownNow();
        loop.close();
    }

    @Test
    void anAckOfTheCallThatIsUnderWayCountsWhenTheSubscriptionIsClosed() throws Exception {
        LocalSubscription subscription =
                subscribe("/queue/q", SubscriptionOptions.builder().acknowledged(), Delivery::ack);
        publish("/queue/q", "one", "two");
        Thread closing = new Thread(subscription::close);
        closing.start();
        Await.until("close waits", () -> closing.getState() == Thread.State.WAITING);
        Await.allDone(loop);
        goOn.countDown();
        closing.join();
        assertThat(got).containsExactly("one");
        assertThat(depth("/queue/q")).isEqualTo(1);
    }

    @Test
    void noCallBeginsAfterAClear() throws Exception {
        LocalSubscription subscription = subscribe("/topic/a", SubscriptionOptions.builder(), message -> {});
        publish("/topic/a", "one", "two");
        broker.clear();
        assertThat(subscription.isOpen()).isFalse();
        releaseAndAwaitHandler();
        assertThat(got).containsExactly("one");
    }

    @Test
    void whatWaitsForTheHandlerComesWhenTheBrokerDrains() throws Exception {
        LocalSubscription subscription = subscribe("/topic/a", SubscriptionOptions.builder(), message -> {});
        CompletableFuture<String> ended = subscription.ended().toCompletableFuture();
        publish("/topic/a", "one", "two", "three");
        broker.drain(Duration.ZERO);
        // the close, and what the connection gives the loop to do then
        Await.allDone(loop);
        Await.allDone(loop);
        assertThat(ended).isNotDone();
        goOn.countDown();
        assertThat(ended.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).startsWith("restarting");
        releaseAndAwaitHandler();
        assertThat(got).containsExactly("one", "two", "three");
    }

    @Test
    void aMessageThatHasGoneBackToItsQueueIsNotHandledHereAsWell() throws Exception {
        subscribe("/queue/q", SubscriptionOptions.builder().acknowledged(), Delivery::ack);
        publish("/queue/q", "one", "two");
        broker.closeSessions(CloseCode.GOING_AWAY, "closed by a test");
        Await.until("both have gone back", () -> depth("/queue/q") == 2);
        releaseAndAwaitHandler();
        assertThat(got).containsExactly("one");
    }

    @Test
    void twoHandlersCanCloseEachOthersSubscriptions() throws Exception {
        CompletableFuture<LocalSubscription> one = new CompletableFuture<>();
        CompletableFuture<LocalSubscription> other = new CompletableFuture<>();
        CountDownLatch bothInside = new CountDownLatch(2);
        CountDownLatch bothOut = new CountDownLatch(2);
        ExecutorService second = Executors.newSingleThreadExecutor();
        try {
            one.complete(subscribeToClose(executor, other, bothInside, bothOut));
            other.complete(subscribeToClose(second, one, bothInside, bothOut));
            broker.publish("/topic/a", Headers.EMPTY, new byte[0]);
            assertThat(bothOut.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            for (LocalSubscription each : List.of(one.get(), other.get())) {
                Await.until("the subscription has ended", () -> !each.isOpen());
            }
        } finally {
            second.shutdownNow();
        }
    }

    private LocalSubscription subscribeToClose(
            ExecutorService on,
            CompletableFuture<LocalSubscription> toClose,
            CountDownLatch bothInside,
            CountDownLatch bothOut)
            throws Exception {
        return broker.subscribe(
                        loop,
                        "/topic/a",
                        SubscriptionOptions.builder().executor(on).build(),
                        message -> {
                            bothInside.countDown();
                            bothInside.await();
                            toClose.get().close();
                            bothOut.countDown();
                        })
                .toCompletableFuture()
                .get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }
}
