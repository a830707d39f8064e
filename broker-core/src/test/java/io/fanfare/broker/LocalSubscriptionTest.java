package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.event.BrokerListener;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.ThreadLoop;
import io.fanfare.security.Authorizer;
import io.fanfare.statistics.SlowAction;
import io.fanfare.status.SessionStatus;
import io.fanfare.testing.Await;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A subscriber in the broker's own program gets what a client would get, on the executor of its choice. */
class LocalSubscriptionTest {

    private final ThreadLoop loop = ThreadLoop.started("loop");
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final List<String> got = Collections.synchronizedList(new ArrayList<>());
    private Broker broker = new Broker();

    private SubscriptionOptions.Builder options() {
        return SubscriptionOptions.builder().executor(executor);
    }

    private LocalSubscription subscribe(String destination) throws Exception {
        return subscribe(destination, options(), message -> got.add(message.bodyAsString()));
    }

    private LocalSubscription subscribe(String destination, SubscriptionOptions.Builder options, MessageHandler handler)
            throws Exception {
        return broker.subscribe(loop, destination, options.build(), handler)
                .toCompletableFuture()
                .get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    private void publish(String destination, String body) {
        broker.publish(destination, Headers.EMPTY, body.getBytes(StandardCharsets.UTF_8));
    }

    private void awaitGot(String... bodies) {
        Await.until("the handler gets " + List.of(bodies), () -> got.size() >= bodies.length);
        assertThat(got).containsExactly(bodies);
    }

    @AfterEach
    void nothingIsLeftBehind() throws Exception {
        broker.clear();
        assertThat(broker.sessionCount()).isZero();
        assertThat(broker.topicCount() + broker.queueCount()).isZero();
        assertThat(broker.memoryBytes()).isZero();
        loop.close();
        executor.shutdownNow();
    }

    @Test
    void whatIsPublishedAfterSubscribeReachesTheHandlerInOrderAndOneCallAtATime() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        subscribe("/topic/a", options(), message -> {
            assertThat(inside.incrementAndGet()).isEqualTo(1);
            got.add(message.bodyAsString());
            inside.decrementAndGet();
        });
        String[] bodies = IntStream.range(0, 2_000).mapToObj(String::valueOf).toArray(String[]::new);
        for (String body : bodies) {
            publish("/topic/a", body);
        }
        awaitGot(bodies);
    }

    @Test
    void itIsASubscriberAndASessionLikeAnyOther() throws Exception {
        LocalSubscription all = subscribe("/topic/prices.#");
        LocalSubscription one = subscribe("/topic/prices.acme");
        assertThat(broker.subscriberCount("/topic/prices.acme")).isEqualTo(2);
        assertThat(broker.subscriberCount("/topic/prices.other")).isEqualTo(1);
        assertThat(broker.subscriberCount("/topic/weather")).isZero();
        assertThat(broker.sessions()).extracting(SessionStatus::transport).containsExactly("embedded", "embedded");
        assertThat(broker.sessions()).extracting(SessionStatus::subscriptions).containsExactly(1, 1);
        publish("/topic/prices.acme", "7");
        awaitGot("7", "7");
        one.close();
        all.close();
        assertThat(broker.subscriberCount("/topic/prices.acme")).isZero();
    }

    @Test
    void headersOfTheSubscribeCount() throws Exception {
        subscribe("/topic/a", options().header("selector", "size > 5"), message -> got.add(message.bodyAsString()));
        broker.publish("/topic/a", Headers.of("size", "3"), "small".getBytes(StandardCharsets.UTF_8));
        broker.publish("/topic/a", Headers.of("size", "7"), "large".getBytes(StandardCharsets.UTF_8));
        awaitGot("large");
    }

    @Test
    void aUserHasItsDestinationsAndItsPermissions() throws Exception {
        broker = new Broker(BrokerOptions.builder()
                .auth(a -> a.authorizer((user, action, destination) ->
                        action == Authorizer.Action.SUBSCRIBE && destination.startsWith("/user/")))
                .build());
        subscribe("/user/queue/news", options().user("alice"), message -> got.add(message.bodyAsString()));
        publish("/user/alice/queue/news", "hi");
        awaitGot("hi");
        assertThatThrownBy(() -> subscribe("/topic/a", options().user("alice"), message -> {}))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refused -> assertThat(refused.detail()).contains("you may not SUBSCRIBE to '/topic/a'"));
        subscribe("/topic/a", options(), message -> {}).close();
    }

    @Test
    void aSubscriptionThatIsRefusedFailsAndLeavesNoSession() {
        assertThatThrownBy(() -> subscribe("nowhere"))
                .cause()
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refused -> assertThat(refused.summary()).isEqualTo("invalid destination"));
        Await.until("the session is gone", () -> broker.sessionCount() == 0);
    }

    @Test
    void closeWaitsForTheCallThatIsUnderWayAndNoOtherBegins() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        LocalSubscription subscription = subscribe("/topic/a", options(), message -> {
            inside.countDown();
            goOn.await();
            got.add(message.bodyAsString());
        });
        publish("/topic/a", "first");
        publish("/topic/a", "second");
        inside.await();
        Thread closing = new Thread(subscription::close);
        closing.start();
        Await.until("close waits", () -> closing.getState() == Thread.State.WAITING);
        assertThat(got).isEmpty();
        goOn.countDown();
        closing.join();
        assertThat(got).containsExactly("first");
        assertThat(subscription.isOpen()).isFalse();
        publish("/topic/a", "third");
        Await.allDone(loop);
        assertThat(got).containsExactly("first");
    }

    @Test
    void theHandlerMayCloseItsSubscription() throws Exception {
        AtomicReference<LocalSubscription> own = new AtomicReference<>();
        CountDownLatch known = new CountDownLatch(1);
        LocalSubscription subscription = subscribe("/topic/a", options(), message -> {
            known.await();
            got.add(message.bodyAsString());
            own.get().close();
        });
        own.set(subscription);
        known.countDown();
        publish("/topic/a", "first");
        publish("/topic/a", "second");
        subscription.ended().toCompletableFuture().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        awaitGot("first");
    }

    @Test
    void aQueuesMessageIsSettledOrGivenBackByTheHandler() throws Exception {
        subscribe("/queue/q", options().acknowledged(), message -> {
            String body = message.bodyAsString();
            boolean again = message.headers().has("redelivered");
            got.add(again ? body + " again" : body);
            if (body.equals("bug") && !again) {
                throw new IllegalStateException("a bug of the handler's, on purpose");
            }
            if (body.equals("later") && !again) {
                message.nack();
            } else if (body.equals("bad")) {
                message.reject();
            } else {
                message.ack();
            }
            // a second verdict counts for nothing
            message.nack();
        });
        for (String body : List.of("good", "bad", "later", "bug")) {
            publish("/queue/q", body);
        }
        Await.until(
                "all are settled",
                () -> got.size() == 6
                        && broker.inspection().queue("/queue/q").orElseThrow().unacknowledged() == 0);
        assertThat(got).contains("good", "bad", "later", "later again", "bug", "bug again");
        assertThat(broker.inspection().queue("/queue/DLQ.q").orElseThrow().depth())
                .isEqualTo(1);
    }

    @Test
    void whatIsNotAcknowledgedGoesBackWhenTheSubscriptionIsClosed() throws Exception {
        LocalSubscription first =
                subscribe("/queue/q", options().acknowledged(), message -> got.add(message.bodyAsString()));
        publish("/queue/q", "job");
        awaitGot("job");
        first.close();
        assertThat(broker.inspection().queue("/queue/q").orElseThrow().depth()).isEqualTo(1);
        subscribe("/queue/q", options().acknowledged(), message -> {
            message.ack();
            got.add(message.bodyAsString());
        });
        awaitGot("job", "job");
    }

    @Test
    void anAckOfAutoIsAMistakeOfTheProgram() throws Exception {
        subscribe("/topic/a", options(), message -> {
            try {
                message.ack();
            } catch (IllegalStateException e) {
                got.add(e.getMessage());
            }
        });
        publish("/topic/a", "hi");
        awaitGot("the subscription has ack:auto; there is nothing to acknowledge");
    }

    @Test
    void aHandlerThatIsTooSlowIsASlowClient() throws Exception {
        broker = new Broker(
                BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(100_000)).build());
        List<SlowAction> told = Collections.synchronizedList(new ArrayList<>());
        broker.addListener(new BrokerListener() {
            @Override
            public void slowConsumer(SessionStatus session, SlowAction action, long waitingBytes) {
                told.add(action);
                assertThat(waitingBytes).isGreaterThan(100_000);
            }
        });
        CountDownLatch goOn = new CountDownLatch(1);
        LocalSubscription slow = subscribe("/topic/a", options(), message -> goOn.await());
        subscribe("/topic/a");
        String body = "x".repeat(10_000);
        int published = 0;
        while (told.isEmpty() && published < 100) {
            publish("/topic/a", body);
            Await.allDone(loop);
            published++;
        }
        goOn.countDown();
        assertThat(slow.ended().toCompletableFuture().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .contains("max_outbox_bytes");
        assertThat(told).containsExactly(SlowAction.DISCONNECT);
        // 64 KiB wait for the handler, 100 kB in the outbox
        assertThat(published).isBetween(16, 20);
    }

    @Test
    void aSlowHandlerThatMayMissMessagesKeepsItsSubscription() throws Exception {
        broker = new Broker(
                BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(100_000)).build());
        CountDownLatch goOn = new CountDownLatch(1);
        List<String> dropped = Collections.synchronizedList(new ArrayList<>());
        LocalSubscription slow = subscribe("/topic/a", options().header("overflow", "drop-oldest"), message -> {
            goOn.await();
            message.headers().find("dropped").ifPresent(dropped::add);
            got.add(message.bodyAsString().substring(0, 2));
        });
        String filler = "x".repeat(10_000);
        for (int i = 10; i < 90; i++) {
            publish("/topic/a", i + filler);
            Await.allDone(loop);
        }
        goOn.countDown();
        Await.until("the last one comes", () -> got.contains("89"));
        assertThat(slow.isOpen()).isTrue();
        assertThat(got).startsWith("10", "11").isSorted().hasSizeLessThan(80);
        assertThat(dropped).containsExactly(String.valueOf(80 - got.size()));
    }

    @Test
    void anExecutorThatTakesNoMoreTasksEndsTheSubscription() throws Exception {
        LocalSubscription subscription = subscribe("/topic/a");
        executor.shutdown();
        publish("/topic/a", "hi");
        assertThat(subscription.ended().toCompletableFuture().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo("the executor takes no more tasks");
        assertThat(got).isEmpty();
    }

    @Test
    void anExecutorThatEndsInTheMiddleEndsTheSubscription() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        LocalSubscription subscription = subscribe("/topic/a", options(), message -> {
            inside.countDown();
            goOn.await();
            got.add(message.bodyAsString());
        });
        // more than one task of the executor calls the handler for
        for (int i = 0; i < 100; i++) {
            publish("/topic/a", "hi");
        }
        Await.allDone(loop);
        inside.await();
        executor.shutdown();
        goOn.countDown();
        assertThat(subscription.ended().toCompletableFuture().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo("the executor takes no more tasks");
        assertThat(got).hasSize(64);
    }

    @Test
    void aDurableSubscriptionGoesOnUntilItIsDeleted() throws Exception {
        SubscriptionOptions.Builder durable = options().clientId("desk").header("durable", "true");
        subscribe("/topic/a", durable, message -> got.add(message.bodyAsString()))
                .close();
        publish("/topic/a", "while away");
        LocalSubscription back = subscribe("/topic/a", durable, message -> got.add(message.bodyAsString()));
        awaitGot("while away");
        assertThat(broker.durableSubscriptionCount()).isEqualTo(1);
        back.delete();
        assertThat(broker.durableSubscriptionCount()).isZero();
    }

    @Test
    void onItsLoopAHandlerIsCalledWithoutAnExecutor() throws Exception {
        AtomicReference<Thread> caller = new AtomicReference<>();
        subscribe("/topic/a", SubscriptionOptions.builder(), message -> {
            assertThat(loop.isCurrent()).isTrue();
            caller.set(Thread.currentThread());
            got.add(message.bodyAsString());
        });
        publish("/topic/a", "hi");
        awaitGot("hi");
        assertThat(caller.get().getName()).isEqualTo("loop");
    }
}
