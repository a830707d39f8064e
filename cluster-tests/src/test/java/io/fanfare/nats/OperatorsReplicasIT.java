package io.fanfare.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.Operations;
import io.fanfare.frame.ProtocolException;
import io.fanfare.nats.testing.Cluster;
import io.fanfare.nats.testing.NatsServers;
import io.fanfare.options.TopicRule;
import io.fanfare.status.QueueStatus;
import io.fanfare.testing.Await;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators do to topics and queues on three NATS servers while the one that leads dies. */
class OperatorsReplicasIT {

    private static final String TOPIC = "/topic/prices.a";
    private static final String QUEUE = "/queue/orders.eu";
    private static final String OTHER = "/queue/orders.later";
    private static final int MESSAGES = 200;

    private Cluster cluster;
    private NatsServers nats;

    @BeforeEach
    void twoNodes(@TempDir Path directory) {
        cluster = Cluster.ofTwo(
                directory,
                3,
                options -> options.keptBytes(1 << 20)
                        .appendTimeout(Duration.ofSeconds(100))
                        .sharedQueues(List.of("/queue/orders.#")),
                broker -> broker.queues(q -> q.maxQueueBytes(10 << 20))
                        .topics(t ->
                                t.rules(List.of(TopicRule.of("/topic/prices.#").history(100)))));
        nats = cluster.nats();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private Operations operations(int node) {
        return cluster.node(node).broker().operations();
    }

    private void publishes(String destination, int from, int to) {
        StompSocket alice = cluster.client(0);
        for (int i = from; i < to; i++) {
            Cluster.publishes(alice, destination, "" + i);
        }
        alice.close();
    }

    private int kept(int node) {
        return cluster.node(node)
                .broker()
                .inspection()
                .topic(TOPIC)
                .map(found -> found.history())
                .orElse(0);
    }

    private long left(int node, String queue) {
        QueueStatus status =
                cluster.node(node).broker().inspection().queue(queue).orElseThrow();
        return (long) status.depth() + status.unacknowledged();
    }

    @Test
    void aTopicIsClearedAtAllNodesAlsoAtOneThatComesLater() throws Exception {
        publishes(TOPIC, 0, 20);
        int leader = nats.leader("fanfare-fanfare-kept", 0);
        CompletableFuture<Long> cleared = CompletableFuture.supplyAsync(
                () -> operations(1).clearTopic(TOPIC).orElseThrow());
        nats.kill(leader);
        assertThat(cleared.get()).isEqualTo(20);
        for (int i = 0; i < 2; i++) {
            int node = i;
            Await.until("node " + i + " has forgotten it", () -> kept(node) == 0);
        }
        nats.restart(leader);
        publishes(TOPIC, 20, 21);
        cluster.add(
                Cluster.patient(nats)
                        .servers(List.of(nats.url(leader)))
                        .replicas(3)
                        .keptBytes(1 << 20)
                        .sharedQueues(List.of("/queue/orders.#")),
                broker -> broker.queues(q -> q.maxQueueBytes(10 << 20))
                        .topics(t ->
                                t.rules(List.of(TopicRule.of("/topic/prices.#").history(100)))));
        Await.until("the new node has read it", () -> kept(2) == 1);
        StompSocket bob = cluster.client(2);
        bob.sends("SUBSCRIBE\nid:0\ndestination:" + TOPIC + "\nfrom:first\n\n^@");
        bob.gotMessage("20");
        bob.gotNothing();
    }

    @Test
    void aMoveThatIsRepeatedAfterALossHasEachMessageOnce() throws Exception {
        publishes(QUEUE, 0, MESSAGES);
        int leader = nats.leader("fanfare_fanfare_queue_orders_2eeu", 0);
        StompSocket carol = cluster.client(0)
                .subscribes("id:0\nack:client-individual\nprefetch-count:" + MESSAGES + "\ndestination:" + OTHER);
        CompletableFuture<Void> moved = CompletableFuture.runAsync(this::movesAll);
        List<String> all = new ArrayList<>();
        all.add(carol.next().text());
        nats.kill(leader);
        while (all.size() < MESSAGES) {
            all.add(carol.next().text());
        }
        moved.get();
        carol.gotNothing();
        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, MESSAGES).mapToObj(String::valueOf).toList());
    }

    private void movesAll() {
        Await.until("all is moved", () -> {
            try {
                operations(1).move(QUEUE, OTHER);
                return left(1, QUEUE) == 0;
            } catch (ProtocolException e) {
                return false;
            }
        });
    }

    @Test
    void aPurgeThatIsRepeatedAfterALossTakesAll() throws Exception {
        publishes(QUEUE, 0, 20);
        nats.kill(nats.leader("fanfare_fanfare_queue_orders_2eeu", 0));
        Await.until("the next leader purges", () -> {
            try {
                return operations(1).purge(QUEUE).isPresent();
            } catch (ProtocolException e) {
                return false;
            }
        });
        for (int i = 0; i < 2; i++) {
            int node = i;
            Await.until("node " + i + " sees nothing", () -> left(node, QUEUE) == 0);
        }
        StompSocket bob = cluster.client(1).subscribes("id:0\nack:client-individual\ndestination:" + QUEUE);
        publishes(QUEUE, 20, 21);
        Received next = bob.gotMessage("20");
        bob.sends("ACK\nid:" + next.header("ack") + "\nreceipt:a\n\n^@").got("RECEIPT\nreceipt-id:a\n\n^@");
    }
}
