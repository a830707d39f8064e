package io.fanfare.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.nats.testing.Cluster;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.Await;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamInfoOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator clears topics that two nodes keep in one NATS server. */
class KeptClearIT {

    private static final List<TopicRule> RULES = List.of(
            TopicRule.of("/topic/prices.#").retainByKey("symbol").history(100),
            TopicRule.of("/topic/values.#").retainByKey("symbol"));

    private Cluster cluster;

    @BeforeEach
    void twoNodes(@TempDir Path directory) {
        cluster = Cluster.ofTwo(directory, 1, KeptClearIT::small, KeptClearIT::rules);
    }

    private static NatsOptions.Builder small(NatsOptions.Builder options) {
        return options.keptBytes(1 << 20);
    }

    private static BrokerOptions.Builder rules(BrokerOptions.Builder broker) {
        return broker.topics(t -> t.rules(RULES));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private Received subscribes(StompSocket client, String topic, String headers) {
        client.sends("SUBSCRIBE\nid:0\ndestination:" + topic + "\nreceipt:s" + headers + "\n\n^@");
        return client.next();
    }

    private String verdict(int node, String topic, String cursor) {
        StompSocket client = cluster.client(node);
        Received receipt = subscribes(client, topic, "\nfrom:" + cursor);
        client.close();
        return receipt.header("recovered") + " " + receipt.find("replayed");
    }

    private Optional<Long> clears(int node, String topic) {
        return cluster.node(node).broker().operations().clearTopic(topic);
    }

    private long kept(int node, String topic) {
        return cluster.node(node)
                .broker()
                .inspection()
                .topic(topic)
                .map(found -> (long) found.retained() + found.history())
                .orElse(0L);
    }

    /** Messages of a subject that the streams of topics have. */
    private long inStreams(String topic) throws Exception {
        long count = 0;
        try (Connection connection = Nats.connect(cluster.nats().url(0))) {
            JetStreamManagement streams = connection.jetStreamManagement();
            for (String each : streams.getStreamNames()) {
                StreamInfo info = streams.getStreamInfo(each, StreamInfoOptions.allSubjects());
                count += info.getStreamState().getSubjects().stream()
                        .filter(subject -> subject.getName().contains(topic))
                        .mapToLong(subject -> subject.getCount())
                        .sum();
            }
        }
        return count;
    }

    @Test
    void aTopicThatOneNodeClearsIsEmptyAtAllAndNoCursorFromBeforeIsGoodAnywhere() throws Exception {
        StompSocket alice = cluster.client(0);
        StompSocket bob = cluster.client(1);
        String cursor = "";
        subscribes(bob, "/topic/prices.a", "");
        for (int i = 0; i < 20; i++) {
            Cluster.publishes(alice, "/topic/prices.a\nsymbol:" + "XYZ".charAt(i % 3), "p" + i);
            Received message = bob.gotMessage("p" + i);
            cursor = message.header("epoch") + "/" + message.header("seq");
        }
        Cluster.publishes(alice, "/topic/prices.b\nsymbol:X", "another");
        assertThat(verdict(1, "/topic/prices.a", cursor)).isEqualTo("true 0");
        assertThat(clears(1, "/topic/prices.a")).contains(23L);
        Await.until("all have it", () -> kept(0, "/topic/prices.a") == 0);
        assertThat(kept(1, "/topic/prices.a")).isZero();
        cluster.add(small(Cluster.patient(cluster.nats())), KeptClearIT::rules);
        for (int i = 0; i < 3; i++) {
            assertThat(verdict(i, "/topic/prices.a", cursor)).as("node %d", i).isEqualTo("false 0");
            assertThat(kept(i, "/topic/prices.b")).isEqualTo(2);
        }
        Cluster.publishes(alice, "/topic/prices.a\nsymbol:X", "new");
        bob.gotMessage("new");
        for (int i = 0; i < 3; i++) {
            int each = i;
            Await.until("all have it", () -> kept(each, "/topic/prices.a") == 2);
            assertThat(verdict(i, "/topic/prices.a", cursor)).as("node %d", i).startsWith("false");
        }
        Await.until("the stream has what is new, and the mark", () -> {
            try {
                return inStreams("prices=2ea") == 2;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        StompSocket carol = cluster.client(2);
        subscribes(carol, "/topic/prices.a", "");
        carol.gotMessage("new");
        carol.gotNothing();
    }

    @Test
    void aTopicThatIsNotThereIsNotCleared() {
        assertThat(clears(0, "/topic/prices.none")).isEmpty();
    }

    @Test
    void aStreamThatIsFullIsClearedAndHasRoomAgain() throws Exception {
        StompSocket alice = cluster.client(0);
        String body = "x".repeat(100_000);
        int count = 0;
        String answer = "RECEIPT";
        while (answer.equals("RECEIPT")) {
            count++;
            alice.sends("SEND\ndestination:/topic/values.full\nsymbol:" + count + "\nreceipt:r\n\n" + body + "^@");
            answer = alice.next().command();
        }
        // to the last octets
        alice = cluster.client(0);
        answer = "RECEIPT";
        while (answer.equals("RECEIPT")) {
            count++;
            alice.sends("SEND\ndestination:/topic/values.full\nsymbol:" + count + "\nreceipt:r\n\n^@");
            answer = alice.next().command();
        }
        assertThat(clears(1, "/topic/values.full").orElseThrow()).isPositive();
        Await.until("all have it", () -> kept(0, "/topic/values.full") == 0);
        Await.until("the stream has the mark alone", () -> {
            try {
                return inStreams("values=2efull") == 1;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Cluster.publishes(cluster.client(0), "/topic/values.full\nsymbol:1", body);
        assertThat(kept(0, "/topic/values.full")).isEqualTo(1);
    }

    @Test
    void aDurableSubscriptionIsToldThatWhatWaitedForItHasGone() {
        StompSocket bob = cluster.client(cluster.node(0), "client-id:bob\n");
        subscribes(bob, "/topic/prices.d", "\ndurable:true\nack:client-individual");
        bob.close();
        Cluster.publishes(cluster.client(0), "/topic/prices.d\nsymbol:X", "waits");
        clears(0, "/topic/prices.d");
        Await.until("all have it", () -> kept(1, "/topic/prices.d") == 0);
        StompSocket again = cluster.client(cluster.node(1), "client-id:bob\n");
        Received receipt = subscribes(again, "/topic/prices.d", "\ndurable:true\nack:client-individual");
        assertThat(receipt.header("recovered")).as("%s", receipt).isEqualTo("false");
        again.gotNothing();
    }
}
