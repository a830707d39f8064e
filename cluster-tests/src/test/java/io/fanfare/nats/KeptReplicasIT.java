package io.fanfare.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.nats.options.NatsOptions;
import io.fanfare.nats.testing.Cluster;
import io.fanfare.nats.testing.NatsServers;
import io.fanfare.options.TopicRule;
import io.fanfare.server.FanfareServer;
import io.fanfare.testing.Await;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kept topics on three NATS servers, one of which dies. */
class KeptReplicasIT {

    @TempDir
    private Path directory;

    @Test
    void theLossOfTheServerThatLeadsCostsNoMessageAndNoOrder() throws Exception {
        try (NatsServers nats = NatsServers.withJetStream(directory, 3);
                Cluster cluster = new Cluster()) {
            for (int i = 0; i < 2; i++) {
                cluster.add(
                        NatsOptions.builder()
                                .servers(nats.urls())
                                .isolationGrace(Duration.ofMinutes(1))
                                .keptBytes(16 << 20),
                        broker -> broker.topics(t ->
                                t.rules(List.of(TopicRule.of("/topic/kept.#").history(500)))));
            }
            cluster.awaitAll();
            StompSocket alice = cluster.client(0);
            StompSocket bob = cluster.client(1);
            StompSocket carol = cluster.client(0);
            publishes(alice, bob, 0, 20);
            int leader = nats.leader("fanfare-fanfare-kept", 0);
            sends(alice, "a", 20, 40);
            sends(bob, "b", 20, 40);
            nats.kill(leader);
            receipts(alice, 20, 40);
            receipts(bob, 20, 40);
            List<String> first = history(carol, 80);
            assertThat(history(cluster.client(1), 80)).isEqualTo(first);
            for (String publisher : List.of("a", "b")) {
                assertThat(first.stream()
                                // behind the epoch and the number
                                .map(each -> each.substring(each.indexOf(' ') + 1))
                                .filter(each -> each.startsWith(publisher))
                                .map(each -> Integer.parseInt(each.substring(1))))
                        .isSorted()
                        .doesNotHaveDuplicates()
                        .hasSize(40);
            }
        }
    }

    @Test
    void aNodeWaitsForServersThatDoNotKnowEachOtherYetAndIsNotReady() throws Exception {
        try (NatsServers nats = NatsServers.withJetStreamButTheLast(directory, 3);
                Cluster cluster = new Cluster()) {
            FanfareServer node = cluster.add(
                    Cluster.patient(nats).keptBytes(16 << 20),
                    broker -> broker.topics(
                            t -> t.rules(List.of(TopicRule.of("/topic/kept.#").retainLast()))));
            // at first JetStream may not answer at all
            Await.until(
                    "the servers refuse the stream",
                    () -> unready(node).contains("(cluster.replicas 3, cluster.kept_bytes 16777216)"));
            assertThat(unready(node)).contains("too few NATS servers know each other yet");
            nats.restart(2);
            Await.until("the node is ready", () -> unready(node).isEmpty());
            StompSocket alice = cluster.client(node, "");
            Cluster.publishes(alice, "/topic/kept.a", "1");
            alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/kept.a\n\n^@").gotMessage("1");
        }
    }

    private static String unready(FanfareServer node) {
        return node.broker().inspection().isolation().orElse("");
    }

    private static void publishes(StompSocket alice, StompSocket bob, int from, int to) {
        sends(alice, "a", from, to);
        sends(bob, "b", from, to);
        receipts(alice, from, to);
        receipts(bob, from, to);
    }

    private static void sends(StompSocket client, String name, int from, int to) {
        for (int i = from; i < to; i++) {
            client.sends("SEND\ndestination:/topic/kept.a\nreceipt:" + i + "\n\n" + name + i + "^@");
        }
    }

    private static void receipts(StompSocket client, int from, int to) {
        for (int i = from; i < to; i++) {
            Received receipt = client.next();
            assertThat(receipt.command()).as("%s", receipt).isEqualTo("RECEIPT");
            assertThat(receipt.header("receipt-id")).isEqualTo("" + i);
        }
    }

    private static List<String> history(StompSocket client, int count) {
        client.sends("SUBSCRIBE\nid:0\ndestination:/topic/kept.a\nfrom:first\n\n^@");
        List<String> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Received message = client.next();
            all.add(message.header("epoch") + "/" + message.header("seq") + " " + message.text());
        }
        return all;
    }
}
