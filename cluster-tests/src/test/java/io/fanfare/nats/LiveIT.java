package io.fanfare.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.broker.Broker;
import io.fanfare.nats.testing.Cluster;
import io.fanfare.nats.testing.NatsServers;
import io.fanfare.options.TopicRule;
import io.fanfare.server.FanfareServer;
import io.fanfare.status.NodeStatus;
import io.fanfare.testing.Await;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes on three NATS servers: what clients of one see of the others, while nothing fails. */
class LiveIT {

    @TempDir
    private static Path directory;

    private static NatsServers nats;
    private static Cluster cluster;

    @BeforeAll
    static void start() {
        nats = NatsServers.three(directory);
        cluster = Cluster.of(3, nats);
    }

    @AfterAll
    static void stop() {
        cluster.close();
        nats.close();
    }

    @Test
    void theReceiptOfASubscribeIsABarrierForASendAtAnotherNode() {
        StompSocket alice = cluster.client(0);
        for (int i = 0; i < 20; i++) {
            StompSocket bob = cluster.client(1 + i % 2);
            bob.subscribes("id:0\ndestination:/topic/barrier." + i);
            alice.sends("SEND\ndestination:/topic/barrier." + i + "\n\n" + i + "^@");
            bob.gotMessage(String.valueOf(i));
        }
    }

    @Test
    void theReceiptOfASendSaysHowManyNodesGetIt() {
        StompSocket alice = cluster.client(0);
        assertThat(Cluster.publishes(alice, "/topic/counted", "").header("nodes"))
                .isEqualTo("3");
    }

    @Test
    void aPublishersMessagesKeepTheirOrderAcrossDestinations() {
        StompSocket bob = cluster.client(1);
        bob.subscribes("id:0\ndestination:/topic/order.#");
        StompSocket alice = cluster.client(0);
        StringBuilder frames = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            frames.append("SEND\ndestination:/topic/order.")
                    .append(i % 7)
                    .append("\n\n")
                    .append(i)
                    .append("^@");
        }
        alice.sends(frames.toString());
        for (int i = 0; i < 2_000; i++) {
            bob.gotMessage(String.valueOf(i));
        }
    }

    @Test
    void aMessageComesOnceToEachSubscriberOfAllNodes() {
        List<StompSocket> clients = List.of(cluster.client(0), cluster.client(1), cluster.client(2));
        clients.forEach(each -> each.subscribes("id:0\ndestination:/topic/once"));
        clients.get(0).sends("SEND\ndestination:/topic/once\n\nhello^@");
        for (StompSocket each : clients) {
            each.gotMessage("hello");
            each.gotNothing();
        }
    }

    @Test
    void aUsersTabsAtSeveralNodesAllGetTheirMessages() {
        StompSocket first = cluster.client(cluster.node(1), "login:bob\n");
        StompSocket second = cluster.client(cluster.node(2), "login:bob\n");
        StompSocket other = cluster.client(cluster.node(2), "login:carol\n");
        List.of(first, second, other).forEach(each -> each.subscribes("id:0\ndestination:/user/queue/inbox"));
        Cluster.publishes(cluster.client(0), "/user/bob/queue/inbox", "for bob");
        assertThat(first.gotMessage("for bob").header("destination")).isEqualTo("/user/queue/inbox");
        second.gotMessage("for bob");
        other.gotNothing();
    }

    @Test
    void aReplyFindsTheConnectionThatAskedAtAnotherNode() {
        StompSocket server = cluster.client(1);
        server.subscribes("id:0\ndestination:/topic/questions");
        StompSocket client = cluster.client(0);
        for (int i = 0; i < 10; i++) {
            client.sends("SEND\ndestination:/topic/questions\nreply-to:/temp-queue/answers\n\n" + i + "^@");
            Received question = server.gotMessage(String.valueOf(i));
            server.sends(
                    "SEND\ndestination:" + question.header("reply-to") + "\nreceipt:r" + i + "\n\nanswer " + i + "^@");
            server.got("RECEIPT\nreceipt-id:r" + i + "\nmatched:1\ndelivered:1\nqueued:0\ndropped:0\n\n^@");
            client.gotMessage("answer " + i);
        }
    }

    @Test
    void aReplyToAConnectionThatHasGoneIsDroppedAndTheReceiptSaysSo() {
        StompSocket server = cluster.client(1);
        server.subscribes("id:0\ndestination:/topic/gone");
        StompSocket client = cluster.client(0);
        client.sends("SEND\ndestination:/topic/gone\nreply-to:/temp-queue/answers\n\nquestion^@");
        String replyTo = server.gotMessage("question").header("reply-to");
        client.vanishes();
        Await.until("dropped", () -> isDropped(server, replyTo));
        assertThat(isDropped(server, replyTo.replace(cluster.id(0), "zzzzz")))
                .as("a node that there is not")
                .isTrue();
    }

    private static boolean isDropped(StompSocket server, String replyTo) {
        server.sends("SEND\ndestination:" + replyTo + "\nreceipt:r\n\nanswer^@");
        return server.next().header("dropped").equals("1");
    }

    @Test
    void aQueueThatIsNotSharedIsRefusedByTheNameOfTheKey() {
        cluster.client(0)
                .sends("SEND\ndestination:/queue/mine\n\n^@")
                .gotError(0, "queue not shared", "/queue/mine", "queues.shared");
        cluster.client(0)
                .sends("SUBSCRIBE\nid:0\ndestination:/queue/mine\n\n^@")
                .gotError(0, "queue not shared", "/queue/mine", "queues.shared");
    }

    @Test
    void aMessageAsLargeAsNatsTakesArrivesAndALargerOneIsRefusedWithBothNumbers() {
        StompSocket bob = cluster.client(1);
        bob.subscribes("id:0\ndestination:/topic/large");
        Received refusal = cluster.client(0)
                .sends(large(2_000_000))
                .gotError(0, "message too large", "/topic/large", "max_payload");
        String[] numbers = refusal.text().replace(",", "").split("\\D+");
        int actual = number(numbers, 2_000_000);
        int most = (1 << 20) - 18;
        assertThat(numbers).contains(String.valueOf(most));
        int largest = 2_000_000 - (actual - most);
        cluster.client(0).sends(large(largest + 1)).gotError(0, "message too large");
        StompSocket alice = cluster.client(0);
        alice.sends(large(largest));
        assertThat(bob.next().body()).hasSize(largest);
    }

    private static String large(int bytes) {
        return "SEND\ndestination:/topic/large\n\n" + "x".repeat(bytes) + "^@";
    }

    private static int number(String[] numbers, int atLeast) {
        for (String each : numbers) {
            if (!each.isEmpty() && Integer.parseInt(each) >= atLeast) {
                return Integer.parseInt(each);
            }
        }
        throw new AssertionError("no number: " + List.of(numbers));
    }

    @Test
    void eachNodeListsAllAndItselfFirst() {
        for (int i = 0; i < 3; i++) {
            Broker broker = cluster.node(i).broker();
            // on a starved machine a node may have been cut off a moment ago
            Await.until(
                    "all nodes are ready",
                    () -> broker.inspection().nodes().stream()
                            .allMatch(each -> each.state() == NodeStatus.State.READY));
            List<NodeStatus> nodes = broker.inspection().nodes();
            assertThat(nodes).hasSize(3);
            assertThat(nodes).extracting(NodeStatus::self).containsExactly(true, false, false);
            assertThat(nodes).extracting(NodeStatus::id).doesNotHaveDuplicates();
        }
    }

    @Test
    void aNodeWhoseSettingsDifferIsRefusedByTheNameOfTheKeyAndTheOthersGoOn() {
        assertThatThrownBy(() -> cluster.add(Cluster.patient(nats).sharedQueues(List.of("/queue/a"))))
                .hasMessageContaining("refuses this node: queues.shared differs");
        assertThatThrownBy(() -> cluster.add(
                        Cluster.patient(nats),
                        broker -> broker.topics(topics ->
                                topics.rules(List.of(TopicRule.of("/topic/a").retainLast())))))
                .hasMessageContaining("refuses this node: topics differs");
        assertThat(cluster.node(0).broker().inspection().nodes()).hasSize(3);
    }

    @Test
    void aClusterOfAnotherNameOnTheSameServersSeesNothingOfThis() {
        try (Cluster other = new Cluster()) {
            FanfareServer stranger =
                    other.add(Cluster.patient(nats).name("other").sharedQueues(List.of("/queue/a")));
            StompSocket bob = other.client(0);
            bob.subscribes("id:0\ndestination:/topic/named");
            Cluster.publishes(cluster.client(0), "/topic/named", "here");
            bob.gotNothing();
            assertThat(stranger.broker().inspection().nodes()).hasSize(1);
        }
    }

    @Test
    void aNodeThatDrainsMovesItsClientsAwayBeforeItLeavesTheOthers() {
        try (Cluster more = new Cluster()) {
            FanfareServer leaving = more.add(Cluster.patient(nats));
            StompSocket bob = more.client(0);
            bob.subscribes("id:0\ndestination:/topic/last");
            String id = more.id(0);
            Await.until("known", () -> states(id).equals(List.of(NodeStatus.State.READY)));
            leaving.broker().drain(Duration.ofSeconds(30));
            bob.next();
            Await.until("told", () -> states(id).equals(List.of(NodeStatus.State.DRAINING)));
            more.stop(0);
            Await.until("has left", () -> states(id).isEmpty());
        }
    }

    private static List<NodeStatus.State> states(String id) {
        return cluster.node(0).broker().inspection().nodes().stream()
                .filter(each -> each.id().equals(id))
                .map(NodeStatus::state)
                .toList();
    }
}
