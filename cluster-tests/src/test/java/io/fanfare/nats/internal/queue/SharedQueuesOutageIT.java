package io.fanfare.nats.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.nats.options.NatsOptions;
import io.fanfare.nats.testing.NatsServers;
import io.fanfare.testing.Await;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Nats;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shared queues while their NATS server is killed, frozen or away. */
class SharedQueuesOutageIT {

    private static final int MESSAGES = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final List<AutoCloseable> open = new ArrayList<>();
    private NatsServers nats;

    @BeforeEach
    void start(@TempDir Path directory) {
        nats = NatsServers.withJetStream(directory, 1);
        open.add(nats);
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private QueueNode node(Duration patience) {
        NatsOptions options = NatsOptions.builder()
                .servers(nats.urls())
                .sharedQueues(List.of("/queue/#"))
                .ackWait(Duration.ofSeconds(2))
                .build();
        QueueNode node = new QueueNode(options, patience, broker -> broker.queues(q -> q.maxQueueBytes(10 << 20)));
        open.add(node);
        return node;
    }

    private StompSocket client(QueueNode node) {
        StompSocket client = node.client();
        open.add(client);
        return client;
    }

    private static void send(StompSocket client, int number) {
        client.sends("SEND\ndestination:/queue/a\nreceipt:" + number + "\n\n" + number + "^@");
    }

    private static void receipt(StompSocket client, String id) {
        Received receipt = client.next();
        assertThat(receipt.find("receipt-id")).as("%s", receipt).isEqualTo(id);
    }

    @Test
    @Tag("case-76")
    void whatHasAReceiptSurvivesTheKillOfTheServerInItsOrderAndOnce() {
        StompSocket alice = client(node(PATIENCE));
        for (int i = 0; i < MESSAGES; i++) {
            send(alice, i);
        }
        for (int i = 0; i < MESSAGES / 2; i++) {
            receipt(alice, String.valueOf(i));
        }
        nats.kill(0);
        nats.restart(0);
        for (int i = MESSAGES / 2; i < MESSAGES; i++) {
            receipt(alice, String.valueOf(i));
        }
        StompSocket bob = client(node(PATIENCE)).subscribes("id:0\nack:client\ndestination:/queue/a");
        for (int i = 0; i < MESSAGES; i++) {
            Received message = bob.gotMessage(String.valueOf(i));
            bob.sends("ACK\nid:" + message.header("ack") + "\n\n^@");
        }
        bob.gotNothing();
    }

    @Test
    @Tag("case-76")
    void aConfirmedAckHoldsAfterTheKillOfTheServerAndTheRestComesAgainAsRedelivered() {
        QueueNode node = node(PATIENCE);
        StompSocket alice = client(node);
        StompSocket bob =
                client(node).subscribes("id:0\nack:client-individual\nprefetch-count:0\ndestination:/queue/a");
        List<Received> messages = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            send(alice, i);
        }
        for (int i = 0; i < MESSAGES; i++) {
            receipt(alice, String.valueOf(i));
            messages.add(bob.gotMessage(String.valueOf(i)));
        }
        Set<String> left = new HashSet<>();
        for (int i = 0; i < MESSAGES; i++) {
            if (i % 4 == 0) {
                left.add(String.valueOf(i));
            } else {
                bob.sends("ACK\nid:" + messages.get(i).header("ack") + "\nreceipt:" + i + "\n\n^@");
            }
        }
        for (int i = 0; i < MESSAGES; i++) {
            if (i % 4 != 0) {
                receipt(bob, String.valueOf(i));
            }
        }
        nats.kill(0);
        nats.restart(0);
        bob.vanishes();
        StompSocket carol = client(node).subscribes("id:0\nack:client\ndestination:/queue/a");
        while (!left.isEmpty()) {
            Received message = carol.next();
            assertThat(left.remove(message.text())).as("%s", message).isTrue();
            assertThat(message.find("redelivered")).as("%s", message).isEqualTo("true");
            carol.sends("ACK\nid:" + message.header("ack") + "\n\n^@");
        }
        carol.gotNothing();
    }

    @Test
    @Tag("case-86")
    void aSendIsRefusedWhenTheServerStaysAwayAndConsumersGoOnWhenItIsBack() {
        QueueNode node = node(Duration.ofMillis(500));
        StompSocket alice = client(node);
        StompSocket bob = client(node).subscribes("id:0\ndestination:/queue/a");
        alice.publishes("/queue/a", "before");
        bob.gotMessage("before");
        nats.kill(0);
        alice.sends("SEND\ndestination:/queue/a\n\nmeanwhile^@")
                .gotError(1002, "queue unavailable", "/queue/a could not be reached for 500 ms");
        StompSocket soft = node.client("soft-errors:true\n");
        open.add(soft);
        send(soft, 1);
        assertThat(soft.next().find("message")).isEqualTo("queue unavailable");
        nats.restart(0);
        String body = "";
        while (!body.equals("after")) {
            soft.sends("SEND\ndestination:/queue/a\nreceipt:after\n\nafter^@");
            body = soft.next().command().equals("RECEIPT") ? "after" : "";
        }
        // a message that was refused may be there all the same
        Received message = bob.next();
        while (!message.text().equals("after")) {
            assertThat(message.text()).isIn("meanwhile", "1");
            message = bob.next();
        }
    }

    @Test
    void aFrozenServerDelaysWhatIsSentAndLosesNothing() {
        StompSocket alice = client(node(PATIENCE));
        StompSocket bob = client(node(PATIENCE)).subscribes("id:0\ndestination:/queue/a");
        alice.publishes("/queue/a", "before");
        bob.gotMessage("before");
        nats.freeze(0);
        send(alice, 1);
        alice.silentFor(Duration.ofSeconds(2));
        nats.thaw(0);
        receipt(alice, "1");
        bob.gotMessage("1");
        bob.gotNothing();
    }

    /** Of five messages that are sent with a header, three come to a consumer, which acknowledges the second. */
    private void threeOfFiveAreDelivered(QueueNode node) {
        StompSocket alice = client(node);
        for (int i = 0; i < 5; i++) {
            alice.sends("SEND\ndestination:/queue/a\nkey:k" + i + "\nreceipt:" + i + "\n\n" + i + "^@");
            receipt(alice, String.valueOf(i));
        }
        StompSocket bob =
                client(node).subscribes("id:0\nack:client-individual\nprefetch-count:3\ndestination:/queue/a");
        bob.gotMessage("0");
        Received second = bob.gotMessage("1");
        bob.gotMessage("2");
        // the fourth comes when there is room, and is not settled either
        bob.sends("ACK\nid:" + second.header("ack") + "\nreceipt:a\n\n^@");
        Received next = bob.next();
        Received other = bob.next();
        assertThat(List.of(next.command(), other.command())).containsExactlyInAnyOrder("RECEIPT", "MESSAGE");
    }

    /** All that was not settled comes to a consumer of the next node, and nothing else but what it may. */
    private void theRestIsThere(QueueNode node, Set<String> mayComeAgain) {
        StompSocket carol = client(node).subscribes("id:0\nack:client\ndestination:/queue/a");
        Set<String> left = new HashSet<>(Set.of("0", "2", "3", "4"));
        while (!left.isEmpty()) {
            Received message = carol.next();
            assertThat(left.remove(message.text()) || mayComeAgain.contains(message.text()))
                    .as("%s", message)
                    .isTrue();
            assertThat(message.header("key")).isEqualTo("k" + message.text());
            assertThat(message.find("redelivered")).as("%s", message).isEqualTo("true");
            carol.sends("ACK\nid:" + message.header("ack") + "\n\n^@");
        }
        StompSocket alice = client(node);
        send(alice, 5);
        receipt(alice, "5");
        Received fresh = carol.next();
        while (mayComeAgain.contains(fresh.text())) {
            fresh = carol.next();
        }
        assertThat(fresh.text()).isEqualTo("5");
        assertThat(fresh.find("redelivered")).as("%s", fresh).isNull();
        carol.gotNothing();
    }

    @Test
    void aQueueAndItsMessagesSurviveARestartOfItsNodeAndItsServer() {
        QueueNode node = node(PATIENCE);
        threeOfFiveAreDelivered(node);
        node.close();
        nats.stop(0);
        nats.restart(0);
        nats.awaitJetStream();
        theRestIsThere(node(PATIENCE), Set.of());
    }

    /** The server has not written each ACK to its file by then. */
    @Test
    void aQueueAndItsMessagesSurviveTheKillOfItsNodeAndItsServer() {
        QueueNode node = node(PATIENCE);
        threeOfFiveAreDelivered(node);
        nats.kill(0);
        node.isKilled();
        nats.restart(0);
        nats.awaitJetStream();
        theRestIsThere(node(PATIENCE), Set.of("1"));
    }

    /** Servers in a cluster take a second request for another life of the stream. */
    @Test
    void aStreamAndItsConsumerAreMadeOnce() throws Exception {
        List<String> made = new CopyOnWriteArrayList<>();
        Connection listening = Nats.connect(nats.url(0));
        open.add(listening);
        Dispatcher dispatcher = listening.createDispatcher(message -> made.add(message.getSubject()));
        List.of("STREAM.CREATE.>", "STREAM.UPDATE.>", "CONSUMER.CREATE.>", "CONSUMER.DURABLE.CREATE.>")
                .forEach(each -> dispatcher.subscribe("$JS.API." + each));
        listening.flush(Await.DEADLINE);
        for (int i = 0; i < 2; i++) {
            QueueNode node = node(PATIENCE);
            StompSocket bob = client(node).subscribes("id:0\ndestination:/queue/a");
            StompSocket alice = client(node);
            send(alice, 1);
            receipt(alice, "1");
            bob.gotMessage("1");
            bob.vanishes();
        }
        listening.flush(Await.DEADLINE);
        assertThat(made).hasSize(2).doesNotHaveDuplicates();
    }
}
