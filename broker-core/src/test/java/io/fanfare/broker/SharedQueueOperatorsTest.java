package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.ThreadLoop;
import io.fanfare.statistics.QueueStatistics;
import io.fanfare.status.QueueStatus;
import io.fanfare.status.QueuedMessage;
import io.fanfare.status.Selection;
import io.fanfare.testing.Await;
import io.fanfare.testing.HandBackplane;
import io.fanfare.testing.HandQueues;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators see of queues that several nodes share, and do to them. */
class SharedQueueOperatorsTest extends BrokerTest {

    private static final String SHARED = "/queue/shared";
    private static final String OTHER = "/queue/shared.other";

    private final HandBackplane here = new HandBackplane("n1", new ArrayList<>());
    private final HandQueues queues = here.shared();
    private Client alice;

    @BeforeEach
    void aNode() {
        brokerWith(BrokerOptions.builder().backplane(here).build());
        alice = connect();
    }

    private void publish(String... bodies) {
        here.keepsAtOnce = true;
        for (String body : bodies) {
            alice.sends("SEND\ndestination:" + SHARED + "\nnote:n\n\n" + body + "^@");
        }
        settle();
    }

    private Client consumes(int prefetch) {
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\nack:client-individual\nprefetch-count:" + prefetch + "\ndestination:" + SHARED
                + "\n\n^@");
        queues.handOut();
        settle();
        return bob;
    }

    private List<String> bodies(String queue) {
        return broker.inspection().peek(queue, -1, 100, 1 << 20).orElse(List.of()).stream()
                .map(each -> new String(each.body(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void numbersAreThoseOfAllNodes() {
        publish("1", "2", "3");
        consumes(1);
        queues.consumersElsewhere = 2;
        int looks = queues.looks;
        QueueStatus status = broker.inspection().queue(SHARED).orElseThrow();
        assertThat(status).isEqualTo(new QueueStatus(SHARED, 2, 1, 0, 0, status.bytes(), 3, 1_000L, 3, 1, true));
        assertThat(queues.looks).as("the engine is asked").isEqualTo(looks + 1);
        assertThat(broker.inspection().queue(OTHER)).isEmpty();
        Comparator<QueueStatus> byName = Comparator.comparing(QueueStatus::destination);
        assertThat(broker.inspection()
                        .queues(new Selection<>(queue -> true, byName, 0, 10))
                        .items())
                .containsExactly(status);
    }

    @Test
    void metricsHaveTheWholeQueueOnceAndAskNothing() {
        publish("1", "2", "3");
        consumes(1);
        queues.consumersElsewhere = 2;
        int looks = queues.looks;
        QueueStatistics shown = broker.statistics(10).queues().get(0);
        assertThat(shown).isEqualTo(new QueueStatistics(SHARED, 2, 1, shown.bytes(), 3));
        assertThat(broker.statistics(10).queues()).hasSize(1);
        assertThat(queues.looks).isEqualTo(looks);
    }

    @Test
    void messagesAreLookedAtWithTheirHeadersAndStay() {
        publish("1", "2", "3");
        List<QueuedMessage> two =
                broker.inspection().peek(SHARED, -1, 2, 1 << 20).orElseThrow();
        assertThat(two.get(0).headers().get("note")).isEqualTo("n");
        assertThat(broker.inspection()
                        .peek(SHARED, two.get(1).place(), 2, 1 << 20)
                        .orElseThrow())
                .hasSize(1);
        assertThat(bodies(SHARED)).containsExactly("1", "2", "3");
        assertThat(broker.inspection().peek(OTHER, -1, 2, 1)).isEmpty();
    }

    @Test
    void aPurgeTakesWhatConsumersHaveToo() {
        publish("1", "2", "3");
        Client bob = consumes(1);
        assertThat(broker.operations().purge(SHARED)).contains(3L);
        assertThat(bodies(SHARED)).isEmpty();
        bob.sends("ACK\nid:" + bob.next("1").header("ack") + "\nreceipt:r\n\n^@");
        settle();
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(broker.operations().purge(OTHER)).isEmpty();
    }

    @Test
    void aQueueInUseIsNotDeletedAndAnotherOneIs() {
        publish("1", "2");
        Client bob = consumes(1);
        assertThat(broker.operations().deleteQueue(SHARED)).isEqualTo(Operations.Deletion.IN_USE);
        bob.isLost();
        settle();
        queues.consumersElsewhere = 1;
        assertThat(broker.operations().deleteQueue(SHARED)).isEqualTo(Operations.Deletion.IN_USE);
        queues.consumersElsewhere = 0;
        assertThat(broker.operations().deleteQueue(SHARED)).isEqualTo(Operations.Deletion.DELETED);
        assertThat(broker.operations().deleteQueue(SHARED)).isEqualTo(Operations.Deletion.NOT_FOUND);
    }

    @Test
    void aMoveAcknowledgesEachMessageBehindItsArrivalAtTheOtherQueue() {
        publish("1", "2", "3");
        queues.handsOutAtOnce = true;
        here.keepsAtOnce = false;
        CompletableFuture<Operations.Moved> moved = CompletableFuture.supplyAsync(
                () -> broker.operations().move(SHARED, OTHER).orElseThrow());
        Await.until("they are on their way", () -> here.appends.size() == 3);
        assertThat(queues.ends).isEmpty();
        here.keeps();
        assertThat(queues.ends).containsExactly("1 settled");
        here.keeps();
        here.keeps();
        assertThat(moved.join()).isEqualTo(new Operations.Moved(3, Optional.empty()));
        assertThat(bodies(SHARED)).isEmpty();
        assertThat(bodies(OTHER)).containsExactly("1", "2", "3");
        assertThat(broker.inspection()
                        .peek(OTHER, -1, 1, 1)
                        .orElseThrow()
                        .get(0)
                        .headers()
                        .get("destination"))
                .isEqualTo(OTHER);
    }

    @Test
    void aMoveThatIsRefusedGivesBackWhatHasNotArrived() {
        publish("1", "2");
        queues.handsOutAtOnce = true;
        here.keepsAtOnce = false;
        CompletableFuture<Operations.Moved> moved = CompletableFuture.supplyAsync(
                () -> broker.operations().move(SHARED, OTHER).orElseThrow());
        Await.until("they are on their way", () -> here.appends.size() == 2);
        here.keeps();
        here.refuses("queue full");
        assertThat(moved.join().messages()).isEqualTo(1);
        assertThat(moved.join().refusal().orElseThrow().summary()).isEqualTo("queue full");
        assertThat(queues.ends).containsExactly("1 settled", "2 given back for 0");
        assertThat(bodies(SHARED)).containsExactly("2");
    }

    @Test
    void aMoveLeavesWhatConsumersHave() {
        publish("1", "2", "3");
        Client bob = consumes(1);
        queues.handsOutAtOnce = true;
        assertThat(broker.operations().move(SHARED, OTHER).orElseThrow().messages())
                .isEqualTo(2);
        assertThat(bodies(SHARED)).containsExactly("1");
        bob.next("1");
    }

    @Test
    void whatComesToAMoveThatHasEndedGoesBack() {
        publish("1", "2");
        consumes(1);
        queues.handsOutAtOnce = true;
        assertThat(broker.operations().move(SHARED, OTHER).orElseThrow().messages())
                .isEqualTo(1);
        queues.handsOutAtOnce = false;
        publish("3");
        queues.handToTheLastThatHasClosed();
        // the third one is where the second was moved
        assertThat(queues.ends).containsExactly("2 settled", "4 given back for 0");
        assertThat(bodies(SHARED)).containsExactly("1", "3");
        assertThat(bodies(OTHER)).containsExactly("2");
    }

    @Test
    void messagesOfATemporaryQueueMoveToASharedOne() {
        alice.sends("SUBSCRIBE\nid:t\nack:client-individual\nprefetch-count:1\ndestination:/temp-queue/t\n\n^@");
        for (String body : List.of("1", "2", "3")) {
            alice.sends("SEND\ndestination:/temp-queue/t\n\n" + body + "^@");
        }
        settle();
        alice.takeAll();
        String name = broker.inspection()
                .queues(new Selection<>(queue -> true, Comparator.comparing(QueueStatus::destination), 0, 1))
                .items()
                .get(0)
                .destination();
        here.keepsAtOnce = true;
        assertThat(broker.operations().move(name, OTHER).orElseThrow().messages())
                .isEqualTo(2);
        assertThat(bodies(OTHER)).containsExactly("2", "3");
    }

    @Test
    void anEventLoopWaitsForNothingOfThat() throws Exception {
        publish("1");
        ThreadLoop loop = ThreadLoop.started("loop");
        try {
            LocalSubscription one = broker.subscribe(
                            loop, "/topic/a", SubscriptionOptions.builder().build(), message -> {})
                    .toCompletableFuture()
                    .get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            int looks = queues.looks;
            CompletableFuture<Long> known = new CompletableFuture<>();
            CompletableFuture<Long> purged = new CompletableFuture<>();
            loop.execute(() -> {
                known.complete(
                        (long) broker.inspection().queue(SHARED).orElseThrow().depth());
                purged.completeAsync(() -> broker.operations().purge(SHARED).orElseThrow(), Runnable::run);
            });
            assertThat(known.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(queues.looks).isEqualTo(looks);
            assertThatThrownBy(() -> purged.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseInstanceOf(IllegalStateException.class);
            one.close();
        } finally {
            loop.close();
        }
    }

    @Test
    void aQueueThatIsNotSharedIsRefusedByItsName() {
        assertThatThrownBy(() -> broker.operations().purge("/queue/other"))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refusal -> assertThat(refusal.summary()).isEqualTo("queue not shared"));
    }
}
