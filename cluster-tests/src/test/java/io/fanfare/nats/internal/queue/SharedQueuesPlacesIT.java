package io.fanfare.nats.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.Operations;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.nats.testing.NatsServers;
import io.fanfare.testing.Await;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** How many shared queues one node may have to do with, and when one of them counts no more. */
class SharedQueuesPlacesIT {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration SOON = Duration.ofMillis(400);
    private static final int PLACES = 3;

    private static NatsServers nats;

    private final List<AutoCloseable> open = new ArrayList<>();
    private String cluster = "";

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

    private QueueNode node(Duration unused) {
        NatsOptions options = NatsOptions.builder()
                .servers(nats.urls())
                .name(cluster)
                .sharedQueues(List.of("/queue/orders.#"))
                .build();
        QueueNode node = new QueueNode(
                options,
                new SharedQueues.Bounds(PATIENCE, unused, PLACES),
                broker -> broker.queues(q -> q.maxQueueBytes(1 << 20)));
        open.add(node);
        return node;
    }

    private StompSocket client(QueueNode node) {
        StompSocket client = node.client("soft-errors:true\n");
        open.add(client);
        return client;
    }

    private static StompSocket sends(StompSocket client, String queue) {
        return client.sends("SEND\ndestination:/queue/orders." + queue + "\nreceipt:r\n\nx^@");
    }

    private static void isTaken(StompSocket client, String queue) {
        sends(client, queue).got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    private static void isRefused(StompSocket client, String queue) {
        assertThat(sends(client, queue).next().find("message")).isEqualTo("too many shared queues");
    }

    private void isConsumed(QueueNode node, String queue) {
        StompSocket bob = client(node).subscribes("id:0\nack:client-individual\ndestination:/queue/orders." + queue);
        Received message = bob.gotMessage("x");
        bob.sends("ACK\nid:" + message.header("ack") + "\nreceipt:a\n\n^@").got("RECEIPT\nreceipt-id:a\n\n^@");
        bob.sends("UNSUBSCRIBE\nid:0\nreceipt:u\n\n^@").got("RECEIPT\nreceipt-id:u\n\n^@");
    }

    /** Tries until a message is taken. */
    private static void isTakenSoon(StompSocket client, String queue) {
        Await.until(
                "a place is free", () -> sends(client, queue).next().command().equals("RECEIPT"));
    }

    @Test
    void aQueueThatIsEmptyAndUnusedGivesItsPlaceToAnother() {
        QueueNode node = node(SOON);
        StompSocket alice = client(node);
        for (String each : List.of("a", "b", "c")) {
            isTaken(alice, each);
        }
        isRefused(alice, "d");
        isConsumed(node, "b");
        isTakenSoon(alice, "d");
        // those that hold a message keep theirs
        isRefused(alice, "e");
        isConsumed(node, "a");
        isConsumed(node, "c");
        isConsumed(node, "d");
    }

    @Test
    void aQueueWithAConsumerKeepsItsPlaceAndItsMessagesCome() {
        QueueNode node = node(SOON);
        StompSocket alice = client(node);
        StompSocket bob = client(node).subscribes("id:0\ndestination:/queue/orders.a");
        isTaken(alice, "b");
        isConsumed(node, "b");
        isTaken(alice, "c");
        isConsumed(node, "c");
        isTakenSoon(alice, "d");
        isTakenSoon(alice, "e");
        isRefused(alice, "f");
        isTaken(alice, "a");
        assertThat(bob.gotMessage("x").header("destination")).isEqualTo("/queue/orders.a");
    }

    @Test
    void aQueueThatGaveUpItsPlaceIsAsItWasWhenItIsUsedAgain() {
        QueueNode node = node(SOON);
        StompSocket alice = client(node);
        isTaken(alice, "a");
        isConsumed(node, "a");
        for (String each : List.of("b", "c", "d")) {
            isTakenSoon(alice, each);
        }
        isConsumed(node, "b");
        isTakenSoon(alice, "a");
        isConsumed(node, "a");
    }

    @Test
    void aQueueThatIsDeletedGivesUpItsPlaceAtOnce() {
        QueueNode node = node(Duration.ofHours(1));
        StompSocket alice = client(node);
        for (String each : List.of("a", "b", "c")) {
            isTaken(alice, each);
        }
        isRefused(alice, "d");
        Operations operations = node.server().broker().operations();
        assertThat(operations.purge("/queue/orders.a")).hasValue(1L);
        assertThat(operations.deleteQueue("/queue/orders.a")).isEqualTo(Operations.Deletion.DELETED);
        isTakenSoon(alice, "d");
    }
}
