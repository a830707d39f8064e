package io.fanfare.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.nats.options.NatsOptions;
import io.fanfare.nats.testing.Cluster;
import io.fanfare.nats.testing.NatsServers;
import io.fanfare.options.TopicRule;
import io.fanfare.server.FanfareServer;
import io.fanfare.status.TopicStatus;
import io.fanfare.testing.Await;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics that keep messages, on three nodes and one NATS server: one order, and what clients get of it anywhere. */
class KeptIT {

    private static final List<TopicRule> RULES = List.of(
            TopicRule.of("/topic/prices.#").retainByKey("symbol").history(100),
            TopicRule.of("/topic/few.#").history(3),
            TopicRule.of("/topic/moving.#").history(1_000),
            TopicRule.of("/topic/values.#").retainByKey("symbol"),
            TopicRule.of("/user/queue/notes").retainLast());

    @TempDir
    private static Path directory;

    private static NatsServers nats;
    private static Cluster cluster;

    @BeforeAll
    static void start() {
        nats = NatsServers.withJetStream(directory, 1);
        cluster = new Cluster();
        for (int i = 0; i < 3; i++) {
            node();
        }
        cluster.awaitAll();
    }

    private static FanfareServer node() {
        return node(options -> options);
    }

    private static FanfareServer node(UnaryOperator<NatsOptions.Builder> more) {
        return cluster.add(
                more.apply(Cluster.patient(nats).keptBytes(64 << 20)), broker -> broker.topics(t -> t.rules(RULES)));
    }

    @AfterAll
    static void stop() {
        cluster.close();
        nats.close();
    }

    private static String send(String topic, String symbol, int number) {
        return "SEND\ndestination:/topic/" + topic + "\nsymbol:" + symbol + "\n\n" + symbol + number + "^@";
    }

    private static StompSocket subscribes(StompSocket client, String topic, String headers) {
        return client.sends("SUBSCRIBE\nid:0\ndestination:/topic/" + topic + "\nreceipt:s" + headers + "\n\n^@");
    }

    private static List<String> messages(StompSocket client, int count) {
        List<String> all = new ArrayList<>();
        while (all.size() < count) {
            Received each = client.next();
            assertThat(each.command()).as("%s", each).isEqualTo("MESSAGE");
            all.add(each.header("epoch") + "/" + each.header("seq") + " " + each.text());
        }
        return all;
    }

    @Test
    void subscribersOfAllNodesSeeTheMessagesOfAllPublishersInOneOrder() {
        List<StompSocket> subscribers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            subscribers.add(cluster.client(i));
            subscribes(subscribers.get(i), "prices.order", "").next();
        }
        StringBuilder ofA = new StringBuilder();
        StringBuilder ofB = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            ofA.append(send("prices.order", "A", i));
            ofB.append(send("prices.order", "B", i));
        }
        cluster.client(0).sends(ofA.toString());
        cluster.client(1).sends(ofB.toString());
        List<String> first = messages(subscribers.get(0), 200);
        assertThat(messages(subscribers.get(1), 200)).isEqualTo(first);
        assertThat(messages(subscribers.get(2), 200)).isEqualTo(first);
        for (String publisher : List.of(" A", " B")) {
            assertThat(first.stream().filter(each -> each.contains(publisher)).map(KeptIT::number))
                    .as("in the order of their publisher")
                    .isSorted()
                    .hasSize(100);
        }
    }

    private static int number(String message) {
        return Integer.parseInt(message.substring(message.indexOf(' ') + 2));
    }

    @Test
    void aSenderWithAReceiptSeesItsOwnMessageAtOnce() {
        StompSocket alice = cluster.client(0);
        for (int i = 0; i < 20; i++) {
            String receipt =
                    Cluster.publishes(alice, "/topic/few.own", "own" + i).command();
            assertThat(receipt).isEqualTo("RECEIPT");
            StompSocket again = cluster.client(0);
            subscribes(again, "few.own", "\nfrom:last").next();
            again.gotMessage("own" + i);
            again.close();
        }
    }

    @Test
    void aClientThatMovesWithItsCursorMissesNothingAndGetsNothingTwice() {
        StompSocket alice = cluster.client(0);
        StompSocket bob = cluster.client(1);
        Received receipt = subscribes(bob, "moving.a", "").next();
        String cursor = receipt.header("epoch") + "/" + receipt.header("seq");
        List<String> seen = new ArrayList<>();
        StringBuilder frames = new StringBuilder();
        for (int i = 0; i < 600; i++) {
            frames.append(send("moving.a", "A", i));
        }
        alice.sends(frames.toString());
        int node = 1;
        while (seen.size() < 600) {
            Received message = bob.next();
            if (message.command().equals("RECEIPT")) {
                assertThat(message.header("recovered")).as("%s", message).isEqualTo("true");
                continue;
            }
            cursor = message.header("epoch") + "/" + message.header("seq");
            seen.add(message.text());
            if (seen.size() % 90 == 0) {
                bob.close();
                node = (node + 1) % 3;
                bob = cluster.client(node);
                subscribes(bob, "moving.a", "\nfrom:" + cursor);
            }
        }
        assertThat(seen).doesNotHaveDuplicates().hasSize(600).first().isEqualTo("A0");
        assertThat(seen.stream().map(each -> Integer.parseInt(each.substring(1))))
                .isSorted();
    }

    @Test
    void aCursorThatTheHistoryHasLeftBehindIsSaidEverywhere() {
        StompSocket alice = cluster.client(0);
        StompSocket bob = cluster.client(0);
        String epoch = subscribes(bob, "few.gap", "").next().header("epoch");
        for (int i = 0; i < 5; i++) {
            Cluster.publishes(alice, "/topic/few.gap", "g" + i);
        }
        List<String> all = messages(bob, 5);
        long second = Long.parseLong(all.get(1).replaceAll(".*/(\\d+) .*", "$1"));
        node();
        for (int i = 0; i < 4; i++) {
            int each = i;
            Await.until("all is read", () -> historyOf(each, "/topic/few.gap") == 3);
            assertThat(verdict(i, "few.gap", epoch + "/" + second)).isEqualTo("true 3");
            assertThat(verdict(i, "few.gap", epoch + "/" + (second - 1))).isEqualTo("false 3");
        }
        cluster.stop(3);
    }

    private static int historyOf(int node, String topic) {
        return cluster.node(node)
                .broker()
                .inspection()
                .topic(topic)
                .map(TopicStatus::history)
                .orElse(0);
    }

    private static String verdict(int node, String topic, String cursor) {
        StompSocket client = cluster.client(node);
        Received receipt = subscribes(client, topic, "\nfrom:" + cursor).next();
        client.close();
        return receipt.header("recovered") + " " + receipt.header("replayed");
    }

    @Test
    void aNodeThatStartsHasLastValuesAndHistoryAndNoneThatWereRemovedOrHaveExpired() {
        StompSocket alice = cluster.client(0);
        for (int i = 0; i < 30; i++) {
            Cluster.publishes(alice, "/topic/values.start\nsymbol:" + "XYZ".charAt(i % 3), "v" + i);
        }
        Cluster.publishes(alice, "/topic/values.start\nsymbol:Y\nretain:remove", "");
        Cluster.publishes(alice, "/topic/values.start\nsymbol:old\nttl:1", "gone");
        Cluster.publishes(alice, "/topic/values.start\nsymbol:Z\nttl:0", "for those that are there");
        Cluster.publishes(alice, "/user/carol/queue/notes", "a note");
        node();
        StompSocket bob = cluster.client(3);
        subscribes(bob, "values.start", "").next();
        assertThat(messages(bob, 2))
                .extracting(each -> each.replaceAll(".* ", ""))
                .containsExactly("v27", "v29");
        bob.gotNothing();
        StompSocket carol = cluster.client(cluster.node(3), "login:carol\n");
        carol.sends("SUBSCRIBE\nid:0\ndestination:/user/queue/notes\n\n^@");
        carol.gotMessage("a note");
        cluster.stop(3);
    }

    @Test
    void aMessageThatNatsCanNotTakeIsRefusedWithBothNumbers() {
        StompSocket alice = cluster.client(0);
        alice.sends("SEND\ndestination:/topic/few.large\n\n" + "x".repeat(1 << 20) + "^@");
        alice.gotError(1009, "message too large", "1,048,576", "max_payload");
    }

    @Test
    void aStreamThatWasDeletedIsMadeAnewAndNoCursorOfTheOldOneIsGood() throws Exception {
        Cluster own = new Cluster();
        try {
            own.add(
                    Cluster.patient(nats).name("own").keptBytes(1 << 20),
                    broker -> broker.topics(t -> t.rules(List.of(RULES.get(1)))));
            StompSocket alice = own.client(0);
            StompSocket bob = own.client(0);
            Received receipt = subscribes(bob, "few.deleted", "").next();
            Cluster.publishes(alice, "/topic/few.deleted", "before");
            bob.gotMessage("before");
            try (Connection connection = Nats.connect(nats.url(0))) {
                for (String each : connection.jetStreamManagement().getStreamNames()) {
                    if (each.startsWith("fanfare-own-")) {
                        connection.jetStreamManagement().deleteStream(each);
                    }
                }
            }
            bob.gotError(1012, "what topics keep began anew");
            StompSocket carol = own.client(0);
            Received after = subscribes(
                            carol, "few.deleted", "\nfrom:" + receipt.header("epoch") + "/" + receipt.header("seq"))
                    .next();
            assertThat(after.header("recovered")).isEqualTo("false");
            assertThat(after.header("epoch")).isNotEqualTo(receipt.header("epoch"));
            Cluster.publishes(own.client(0), "/topic/few.deleted", "after");
            carol.gotMessage("after");
        } finally {
            own.close();
        }
    }

    @Test
    @Tag("case-78")
    void aStreamThatIsFullRefusesValuesByItsKey() {
        Cluster own = new Cluster();
        try {
            own.add(
                    Cluster.patient(nats).name("full").keptBytes(1 << 20),
                    broker -> broker.topics(t -> t.rules(List.of(RULES.get(3)))));
            StompSocket alice = own.client(0);
            String body = "x".repeat(400_000);
            Cluster.publishes(alice, "/topic/values.full\nsymbol:1", body);
            Cluster.publishes(alice, "/topic/values.full\nsymbol:2", body);
            alice.sends("SEND\ndestination:/topic/values.full\nsymbol:3\n\n" + body + "^@");
            alice.gotError(1013, "topic full", "cluster.kept_bytes");
            StompSocket bob = own.client(0);
            assertThat(subscribes(bob, "values.full", "").next().header("retained"))
                    .isEqualTo("2");
        } finally {
            own.close();
        }
    }
}
