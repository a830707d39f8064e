package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.frame.Headers;
import io.fanfare.loop.ThreadLoop;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.Await;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A broker that is cleared is as it was at its start. */
class ClearTest {

    private static final byte[] BODY = {'h', 'i'};

    private final ThreadLoop loop = ThreadLoop.started("loop");
    private final ThreadLoop otherLoop = ThreadLoop.started("other-loop");
    private Broker broker = new Broker();

    private LocalSubscription subscribe(ThreadLoop on, String destination, SubscriptionOptions.Builder options)
            throws Exception {
        return subscribe(on, destination, options, message -> {});
    }

    private LocalSubscription subscribe(
            ThreadLoop on, String destination, SubscriptionOptions.Builder options, MessageHandler handler)
            throws Exception {
        return broker.subscribe(on, destination, options.build(), handler)
                .toCompletableFuture()
                .get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    private static SubscriptionOptions.Builder options() {
        return SubscriptionOptions.builder();
    }

    private void publish(String destination, String... headers) {
        broker.publish(destination, Headers.of(headers), BODY);
    }

    /** Clears, and looks whether something is left. */
    private void clear() {
        assertThat(broker.memoryBytes() + broker.sessionCount()).isPositive();
        broker.clear();
        assertThat(broker.sessionCount()).as("sessions").isZero();
        assertThat(broker.queueCount()).as("queues").isZero();
        assertThat(broker.topicCount()).as("topics").isZero();
        assertThat(broker.keptTopicCount()).as("topics that keep messages").isZero();
        assertThat(broker.durableSubscriptionCount())
                .as("durable subscriptions")
                .isZero();
        assertThat(broker.statistics(0).destinations().presenceTopics())
                .as("rooms of presence")
                .isZero();
        assertThat(broker.memoryBytes()).as("bytes").isZero();
    }

    @AfterEach
    void endLoops() throws InterruptedException {
        loop.close();
        otherLoop.close();
    }

    @Test
    void sessionsOfAllLoopsEnd() throws Exception {
        LocalSubscription one = subscribe(loop, "/topic/a", options());
        LocalSubscription other = subscribe(otherLoop, "/topic/#", options());
        publish("/topic/a");
        publish("/topic/b");
        clear();
        assertThat(one.ended().toCompletableFuture()).isCompletedWithValue("the broker has been cleared");
        assertThat(other.isOpen()).isFalse();
    }

    @Test
    void messagesOfQueuesGo() throws Exception {
        publish("/queue/a");
        publish("/queue/a", "message-group", "g");
        publish("/user/alice/queue/b");
        subscribe(loop, "/queue/a", options().acknowledged());
        Await.allDone(loop);
        clear();
    }

    @Test
    void messagesThatWaitForTheirRedeliveryGo() throws Exception {
        subscribe(loop, "/queue/a", options().acknowledged().header("redelivery-delay", "600000"), Delivery::nack);
        publish("/queue/a");
        Await.until(
                "one waits",
                () -> broker.inspection().queue("/queue/a").orElseThrow().redelivering() == 1);
        clear();
    }

    @Test
    void delayedMessagesAndDedupIdsGo() throws Exception {
        broker = new Broker(BrokerOptions.builder().queues(q -> q.maxDelayed(1)).build());
        subscribe(loop, "/topic/a", options()).close();
        publish("/queue/a", "delay", "3600000", "dedup-id", "1");
        clear();
        publish("/queue/a", "delay", "3600000", "dedup-id", "1");
        assertThat(broker.queueCount()).as("it is no repeat, and has room").isEqualTo(1);
        clear();
    }

    @Test
    void whatTopicsKeepGoes() throws Exception {
        broker = new Broker(BrokerOptions.builder()
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/history.#").history(10))))
                .build());
        subscribe(loop, "/topic/#", options());
        publish("/topic/values", "retain", "set");
        for (int i = 0; i < 200; i++) {
            publish("/topic/values", "retain", "set", "retain-key", "k" + i);
        }
        publish("/topic/history.a");
        assertThat(broker.keptTopicCount()).isEqualTo(2);
        clear();
        publish("/topic/history.a");
        assertThat(broker.keptTopicCount()).as("rules stay").isEqualTo(1);
        clear();
    }

    @Test
    void durableSubscriptionsGo() throws Exception {
        subscribe(loop, "/topic/a", options().clientId("present").header("durable", "true"));
        subscribe(otherLoop, "/topic/a", options().clientId("absent").header("durable", "true"))
                .close();
        publish("/topic/a");
        clear();
    }

    @Test
    void presenceOfConnectionsThatMayComeBackGoes() throws Exception {
        broker = new Broker(BrokerOptions.builder()
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/room").withPresence())))
                .build());
        subscribe(loop, "/topic/room", options().clientId("desk"));
        subscribe(otherLoop, "/presence/topic/room", options());
        assertThat(broker.statistics(0).destinations().presenceTopics()).isEqualTo(1);
        clear();
    }

    @Test
    void itWorksWithoutALoop() {
        publish("/queue/a");
        clear();
    }

    @Test
    void anEventLoopCannotClear() {
        CompletableFuture<Void> cleared = new CompletableFuture<>();
        publish("/queue/a");
        assertThatThrownBy(() -> {
                    subscribe(loop, "/topic/a", options()).close();
                    loop.execute(() -> cleared.completeAsync(
                            () -> {
                                broker.clear();
                                return null;
                            },
                            Runnable::run));
                    cleared.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
                })
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(IllegalStateException.class);
    }
}
