package io.fanfare.nats.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.nats.testing.NatsServers;
import io.fanfare.status.QueueStatus;
import io.fanfare.testing.Await;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Queues that nodes share on one NATS server that lives as long as the class; each test has a cluster of its own. */
class SharedQueuesIT {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static NatsServers nats;

    private final List<AutoCloseable> open = new ArrayList<>();
    private String cluster = "";
    private Duration ackWait = Duration.ofSeconds(30);

    @BeforeAll
    static void start(@TempDir Path directory) {
        nats = NatsServers.withJetStream(directory, 1);
    }

    @AfterAll
    static void stop() {
        nats.close();
    }

    @BeforeEach
    void name(TestInfo test) {
        String name = test.getTestMethod().orElseThrow().getName();
        cluster = name.substring(0, Math.min(32, name.length()));
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private QueueNode node() {
        return node(o -> o);
    }

    private QueueNode node(UnaryOperator<BrokerOptions.Builder> more) {
        NatsOptions options = NatsOptions.builder()
                .servers(nats.urls())
                .name(cluster)
                .sharedQueues(List.of("/queue/orders.#"))
                .ackWait(ackWait)
                .build();
        QueueNode node = new QueueNode(
                options,
                PATIENCE,
                broker ->
                        more.apply(broker.queues(q -> q.maxQueueBytes(10 << 20).maxDeliveries(3))));
        open.add(node);
        return node;
    }

    private StompSocket client(QueueNode node) {
        StompSocket client = node.client();
        open.add(client);
        return client;
    }

    private static StompSocket consumes(StompSocket client, String more) {
        return client.subscribes("id:0\nack:client-individual\n" + more + "destination:/queue/orders");
    }

    private static void ack(StompSocket client, Received message) {
        client.sends("ACK\nid:" + message.header("ack") + "\nreceipt:ack\n\n^@").got("RECEIPT\nreceipt-id:ack\n\n^@");
    }

    private static void nack(StompSocket client, Received message, String more) {
        client.sends("NACK\nid:" + message.header("ack") + "\n" + more + "\n^@");
    }

    @Test
    void whatIsSentToOneNodeIsConsumedAtAnotherWithItsHeadersAndInItsOrder() {
        QueueNode one = node();
        QueueNode other = node();
        StompSocket alice = client(one);
        StompSocket bob = consumes(client(other), "");
        alice.sends("SEND\ndestination:/queue/orders\nsize:large\nreceipt:r\n\n0^@")
                .got("RECEIPT\nreceipt-id:r\n\n^@");
        for (int i = 1; i < 50; i++) {
            alice.sends("SEND\ndestination:/queue/orders\n\n" + i + "^@");
        }
        for (int i = 0; i < 50; i++) {
            Received message = bob.gotMessage(String.valueOf(i));
            assertThat(message.has("redelivered")).isFalse();
            assertThat(message.find("size")).isEqualTo(i == 0 ? "large" : null);
            bob.sends("ACK\nid:" + message.header("ack") + "\n\n^@");
        }
        bob.gotNothing();
    }

    @Test
    void consumersOfSeveralNodesShareTheMessages() {
        List<StompSocket> consumers =
                List.of(consumes(client(node()), "prefetch-count:1\n"), consumes(client(node()), "prefetch-count:1\n"));
        StompSocket alice = client(node());
        alice.publishes("/queue/orders", "a").publishes("/queue/orders", "b");
        List<String> bodies = new ArrayList<>();
        for (StompSocket each : consumers) {
            Received message = each.next();
            bodies.add(message.text());
            each.gotNothing();
        }
        assertThat(bodies).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void whatWasNotAcknowledgedIsThereForAnotherNodeAtOnceWhenTheConsumerGoes() {
        StompSocket alice = client(node());
        StompSocket bob = consumes(client(node()), "");
        alice.publishes("/queue/orders", "a").publishes("/queue/orders", "b").publishes("/queue/orders", "c");
        Received first = bob.gotMessage("a");
        bob.gotMessage("b");
        bob.gotMessage("c");
        ack(bob, first);
        StompSocket carol = consumes(client(node()), "");
        carol.gotNothing();
        bob.vanishes();
        // which of them comes first is the engine's
        Set<String> bodies = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            Received message = carol.next();
            bodies.add(message.text());
            assertThat(message.headers()).contains("redelivered:true", "delivery-count:2");
        }
        assertThat(bodies).containsExactlyInAnyOrder("b", "c");
    }

    @Test
    void aNodeThatIsClosedGivesBackAtOnceAndOneThatIsKilledAfterAckWait() {
        ackWait = Duration.ofSeconds(2);
        QueueNode closed = node();
        QueueNode killed = node();
        StompSocket alice = client(node());
        StompSocket atClosed = consumes(client(closed), "prefetch-count:1\n");
        alice.publishes("/queue/orders", "a");
        atClosed.gotMessage("a");
        StompSocket atKilled = consumes(client(killed), "prefetch-count:1\n");
        closed.close();
        assertThat(atKilled.gotMessage("a").headers()).contains("redelivered:true", "delivery-count:2");
        StompSocket carol = consumes(client(node()), "");
        killed.isKilled();
        assertThat(carol.gotMessage("a").headers()).contains("redelivered:true", "delivery-count:3");
    }

    @Test
    void aSlowConsumerOfALiveNodeKeepsWhatItHas() {
        ackWait = Duration.ofSeconds(1);
        StompSocket alice = client(node());
        StompSocket bob = consumes(client(node()), "");
        alice.publishes("/queue/orders", "a");
        Received message = bob.gotMessage("a");
        StompSocket carol = consumes(client(node()), "");
        carol.silentFor(ackWait.multipliedBy(3));
        ack(bob, message);
        bob.vanishes();
        carol.gotNothing();
    }

    @Test
    void whatIsGivenBackComesLaterEachTimeAndThenIsADeadLetterThatNoNodeLoses() {
        StompSocket alice = client(node());
        StompSocket bob = consumes(client(node()), "");
        alice.publishes("/queue/orders", "a");
        nack(bob, bob.gotMessage("a"), "");
        nack(bob, bob.gotMessage("a"), "redelivery-delay:1\n");
        Received last = bob.gotMessage("a");
        assertThat(last.headers()).contains("redelivered:true", "delivery-count:3");
        nack(bob, last, "");
        StompSocket carol = client(node()).subscribes("id:0\ndestination:/queue/DLQ.orders");
        assertThat(carol.gotMessage("a").headers())
                .contains(
                        "x-death-reason:max-deliveries", "x-original-destination:/queue/orders", "x-delivery-count:3");
        bob.gotNothing();
    }

    @Test
    void theReceiptOfANackSaysThatAnyNodeMayHaveTheMessage() {
        StompSocket alice = client(node());
        StompSocket bob = consumes(client(node()), "prefetch-count:1\n");
        alice.publishes("/queue/orders", "a");
        Received message = bob.gotMessage("a");
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@NACK\nid:" + message.header("ack") + "\nreceipt:r\n\n^@")
                .got("RECEIPT\nreceipt-id:r\n\n^@");
        consumes(client(node()), "").gotMessage("a");
    }

    @Test
    void whatIsRejectedIsADeadLetterAtOnce() {
        StompSocket alice = client(node());
        StompSocket bob = consumes(client(node()), "");
        alice.publishes("/queue/orders", "a");
        nack(bob, bob.gotMessage("a"), "requeue:false\n");
        StompSocket carol = client(node()).subscribes("id:0\ndestination:/queue/DLQ.orders");
        assertThat(carol.gotMessage("a").headers()).contains("x-death-reason:rejected");
    }

    @Test
    void whatHasExpiredIsNotDelivered() {
        QueueNode node = node();
        StompSocket alice = client(node);
        alice.sends("SEND\ndestination:/queue/orders\nttl:1\nreceipt:r\n\na^@").got("RECEIPT\nreceipt-id:r\n\n^@");
        long end = System.nanoTime() + Duration.ofMillis(2).toNanos();
        Await.until("expired", () -> System.nanoTime() > end);
        alice.publishes("/queue/orders", "b");
        consumes(client(node), "").gotMessage("b");
        assertThat(node.server().broker().statistics(0).messages().expired()).isEqualTo(1);
    }

    @Test
    @Tag("case-78")
    void aQueueThatIsFullRefusesWithTheKeyAndTakesMoreWhenThereIsRoom() {
        QueueNode node = node(o -> o.queues(q -> q.maxQueueMessages(2).maxQueueBytes(10 << 20)));
        StompSocket alice = client(node);
        alice.publishes("/queue/orders", "a").publishes("/queue/orders", "b");
        alice.sends("SEND\ndestination:/queue/orders\n\nc^@")
                .gotError(1002, "queue full", "/queue/orders", "its limit is 2 (max_queue_messages)");
        StompSocket bob = consumes(client(node), "");
        Received first = bob.gotMessage("a");
        bob.gotMessage("b");
        ack(bob, first);
        client(node).publishes("/queue/orders", "c");
    }

    @Test
    void aQueueWithoutRoomForMoreBytesRefusesWithTheKey() {
        StompSocket alice = client(node(o -> o.queues(q -> q.maxQueueBytes(2_000))));
        alice.publishes("/queue/orders", "x".repeat(1_500));
        alice.sends("SEND\ndestination:/queue/orders\n\n" + "x".repeat(1_000) + "^@")
                .gotError(1002, "queue full", "/queue/orders", "its limit is 2,000 (max_queue_bytes)");
    }

    @Test
    void aMessageThatNatsDoesNotTakeIsRefusedWithBothNumbers() {
        client(node())
                .sends("SEND\ndestination:/queue/orders\n\n" + "x".repeat(1 << 20) + "^@")
                .gotError(1009, "message too large", "1,048,", "its limit is 1,048,576 (max_payload");
    }

    @Test
    void aRepeatAtAnotherNodeIsFound() {
        String login = "login:bob\n";
        StompSocket one = node().client(login);
        StompSocket other = node().client(login);
        open.add(one);
        open.add(other);
        String send = "SEND\ndestination:/queue/orders\ndedup-id:1\nreceipt:r\n\na^@";
        assertThat(one.sends(send).next().has("duplicate")).isFalse();
        assertThat(other.sends(send).next().find("duplicate")).isEqualTo("true");
        StompSocket carol = consumes(client(node()), "");
        carol.gotMessage("a");
        carol.gotNothing();
    }

    @Test
    void aQueueElsewhereIsRefused() {
        client(node())
                .sends("SEND\ndestination:/queue/other\n\n^@")
                .gotError(1002, "queue not shared", "/queue/other", "queues.shared");
    }

    @Test
    void operatorsSeeWhatTheStreamHolds() {
        QueueNode node = node();
        StompSocket alice = client(node);
        alice.publishes("/queue/orders", "a").publishes("/queue/orders", "b");
        consumes(client(node), "prefetch-count:1\n").gotMessage("a");
        Await.until("looked at", () -> {
            Optional<QueueStatus> status = node.server().broker().inspection().queue("/queue/orders");
            return status.isPresent()
                    && status.get().depth() == 1
                    && status.get().unacknowledged() == 1
                    && status.get().consumers() == 1;
        });
    }
}
