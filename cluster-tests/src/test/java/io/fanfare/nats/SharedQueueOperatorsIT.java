package io.fanfare.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.broker.Inspection;
import io.fanfare.broker.Operations;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.nats.testing.Cluster;
import io.fanfare.statistics.QueueStatistics;
import io.fanfare.status.QueueStatus;
import io.fanfare.status.QueuedMessage;
import io.fanfare.testing.Await;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operators look at queues that two nodes share by one NATS server, and change them. */
class SharedQueueOperatorsIT {

    private static final String QUEUE = "/queue/orders.eu";
    private static final String OTHER = "/queue/orders.later";

    private Cluster cluster;

    @BeforeEach
    void twoNodes(@TempDir Path directory) {
        cluster = Cluster.ofTwo(
                directory,
                1,
                nats -> nats.sharedQueues(List.of("/queue/orders.#")),
                broker -> broker.queues(q -> q.maxQueueBytes(10 << 20)));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private Inspection inspection(int node) {
        return cluster.node(node).broker().inspection();
    }

    private Operations operations(int node) {
        return cluster.node(node).broker().operations();
    }

    private void publishes(int from, int to) {
        StompSocket alice = cluster.client(0);
        for (int i = from; i < to; i++) {
            Cluster.publishes(alice, QUEUE + "\nnumber:n" + i, "" + i);
        }
        alice.close();
    }

    private StompSocket consumes(int node, int prefetch) {
        return cluster.client(node)
                .subscribes("id:0\nack:client-individual\nprefetch-count:" + prefetch + "\ndestination:" + QUEUE);
    }

    private static void acks(StompSocket client, Received message) {
        client.sends("ACK\nid:" + message.header("ack") + "\nreceipt:ack\n\n^@").got("RECEIPT\nreceipt-id:ack\n\n^@");
    }

    private QueueStatus status(int node, String queue) {
        return inspection(node).queue(queue).orElse(new QueueStatus(queue, 0, 0, 0, 0, 0, 0, null, 0, 0, true));
    }

    private List<String> bodies(int node, String queue) {
        return inspection(node).peek(queue, -1, 100, 1 << 20).orElse(List.of()).stream()
                .map(each -> new String(each.body(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void everyNodeTellsOfTheWholeQueue() {
        long before = System.currentTimeMillis();
        publishes(0, 5);
        consumes(0, 1).gotMessage("0");
        consumes(1, 1).gotMessage("1");
        StompSocket third = consumes(1, 1);
        third.sends("ACK\nid:" + third.gotMessage("2").header("ack") + "\n\n^@");
        third.gotMessage("3");
        for (int i = 0; i < 2; i++) {
            int node = i;
            Await.until("node " + i + " tells of all", () -> {
                QueueStatus all = status(node, QUEUE);
                return all.depth() == 1 && all.unacknowledged() == 3 && all.consumers() == 3;
            });
            QueueStatus all = status(i, QUEUE);
            assertThat(all.messagesIn()).isEqualTo(5);
            assertThat(all.messagesOut()).isEqualTo(4);
            assertThat(all.oldest()).isBetween(before, System.currentTimeMillis());
            assertThat(all.shared()).isTrue();
            List<QueueStatistics> metrics =
                    cluster.node(i).broker().statistics(10).queues();
            assertThat(metrics).containsExactly(new QueueStatistics(QUEUE, 1, 3, all.bytes(), 3));
        }
    }

    @Test
    void messagesAreLookedAtAtAnyNodeAndSayWhetherTheyHaveBeenDelivered() {
        publishes(0, 3);
        StompSocket bob = consumes(0, 1);
        bob.gotMessage("0");
        List<QueuedMessage> found = inspection(1).peek(QUEUE, -1, 2, 1 << 20).orElseThrow();
        assertThat(found).extracting(each -> each.headers().get("number")).containsExactly("n0", "n1");
        assertThat(found).extracting(QueuedMessage::deliveries).containsExactly(1, 0);
        assertThat(inspection(1).peek(QUEUE, found.get(1).place(), 2, 1 << 20).orElseThrow())
                .extracting(each -> each.headers().get("destination"))
                .containsExactly(QUEUE);
        assertThat(inspection(1).peek("/queue/orders.none", -1, 2, 1)).isEmpty();
        assertThat(bodies(0, QUEUE)).containsExactly("0", "1", "2");
    }

    @Test
    void aPurgeTakesAllAndWhatConsumersHaveDoesNotComeAgain() {
        publishes(0, 5);
        StompSocket bob = consumes(0, 2);
        Received first = bob.gotMessage("0");
        bob.gotMessage("1");
        assertThat(operations(1).purge(QUEUE)).contains(5L);
        Await.until(
                "nothing is left",
                () -> status(0, QUEUE).depth() + status(0, QUEUE).unacknowledged() == 0);
        acks(bob, first);
        // what it has still is given back, and there is nothing to give
        bob.close();
        StompSocket carol = consumes(1, 10);
        carol.gotNothing();
        publishes(5, 6);
        acks(carol, carol.gotMessage("5"));
        assertThat(operations(1).purge("/queue/orders.none")).isEmpty();
    }

    @Test
    void aQueueIsDeletedWhenNoNodeUsesItAndComesAgainWithItsNextMessage() {
        publishes(0, 2);
        StompSocket bob = consumes(1, 1);
        bob.gotMessage("0");
        assertThat(operations(0).deleteQueue(QUEUE)).isEqualTo(Operations.Deletion.IN_USE);
        bob.close();
        Await.until(
                "no node has it", () -> operations(0).deleteQueue(QUEUE) != Operations.Deletion.IN_USE || givenBack());
        assertThat(operations(0).deleteQueue(QUEUE)).isEqualTo(Operations.Deletion.NOT_FOUND);
        publishes(2, 3);
        StompSocket carol = consumes(1, 1);
        acks(carol, carol.gotMessage("2"));
    }

    /** A message that was given back counts as unacknowledged until it is delivered again: a purge lets go of it. */
    private boolean givenBack() {
        operations(1).purge(QUEUE);
        return false;
    }

    @Test
    void messagesMoveToAnotherQueueAndThoseThatConsumersHaveStay() {
        publishes(0, 300);
        StompSocket bob = consumes(0, 2);
        Received first = bob.gotMessage("0");
        bob.gotMessage("1");
        Operations.Moved moved = operations(1).move(QUEUE, OTHER).orElseThrow();
        assertThat(moved.refusal()).isEmpty();
        assertThat(moved.messages()).isEqualTo(298);
        assertThat(bodies(0, QUEUE)).containsExactly("0", "1");
        acks(bob, first);
        StompSocket carol =
                cluster.client(0).subscribes("id:0\nack:client-individual\nprefetch-count:298\ndestination:" + OTHER);
        List<String> all = new ArrayList<>();
        for (int i = 2; i < 300; i++) {
            all.add(carol.next().text());
        }
        assertThat(all)
                .as("in their order")
                .containsExactlyElementsOf(
                        IntStream.range(2, 300).mapToObj(String::valueOf).toList());
        assertThat(operations(0).move("/queue/orders.none", OTHER)).isEmpty();
    }

    @Test
    void aMoveBesideConsumersHasEachMessageOnce() {
        publishes(0, 200);
        StompSocket bob = consumes(0, 5);
        CompletableFuture<Long> moved = CompletableFuture.supplyAsync(
                () -> operations(1).move(QUEUE, OTHER).orElseThrow().messages());
        // also where the move has failed: its reason is what is to be seen then
        CompletableFuture<Long> last = moved.whenCompleteAsync((count, failure) -> publishes(200, 201));
        List<String> all = new ArrayList<>();
        for (Received message = bob.next(); !message.text().equals("200"); message = bob.next()) {
            all.add(message.text());
            bob.sends("ACK\nid:" + message.header("ack") + "\n\n^@");
        }
        last.join();
        long place = -1;
        long there = 0;
        for (List<QueuedMessage> part = peek(place); !part.isEmpty(); part = peek(place)) {
            part.forEach(each -> all.add(new String(each.body(), StandardCharsets.UTF_8)));
            place = part.get(part.size() - 1).place();
            there += part.size();
        }
        assertThat(there).isEqualTo(moved.join());
        assertThat(all).doesNotHaveDuplicates().hasSize(200);
    }

    private List<QueuedMessage> peek(long place) {
        return inspection(1).peek(OTHER, place, 100, 1 << 20).orElse(List.of());
    }

    @Test
    void withoutNatsAnOperatorIsToldInASentence() {
        publishes(0, 1);
        Await.until("it is seen", () -> status(0, QUEUE).depth() == 1);
        cluster.nats().kill(0);
        for (Runnable each : List.<Runnable>of(
                () -> operations(0).purge(QUEUE), () -> inspection(0).peek(QUEUE, -1, 1, 1))) {
            assertThatThrownBy(each::run).isInstanceOfSatisfying(ProtocolException.class, refusal -> {
                assertThat(refusal.summary()).isEqualTo("queue unavailable");
                assertThat(refusal.detail()).contains(QUEUE, "NATS");
                assertThat(refusal.closeCode()).isEqualTo(CloseCode.OVERLOAD);
            });
        }
        assertThat(inspection(0).queue(QUEUE)).as("as it was seen last").isNotEqualTo(Optional.empty());
    }
}
