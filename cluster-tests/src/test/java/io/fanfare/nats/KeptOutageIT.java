package io.fanfare.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.nats.options.NatsOptions;
import io.fanfare.nats.testing.Cluster;
import io.fanfare.nats.testing.NatsServers;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.Await;
import io.fanfare.testing.Network;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kept topics while their NATS server hangs, dies and comes back. */
class KeptOutageIT {

    private static final List<TopicRule> RULES =
            List.of(TopicRule.of("/topic/kept.#").retainByKey("k").history(50));

    @TempDir
    private Path directory;

    private NatsServers nats;
    private Cluster cluster;

    @BeforeEach
    void twoNodes() {
        nats = NatsServers.withJetStream(directory, 1);
        cluster = new Cluster();
    }

    private void nodes(Duration timeout) {
        for (int i = 0; i < 2; i++) {
            cluster.add(
                    NatsOptions.builder()
                            .servers(nats.urls())
                            .isolationGrace(Duration.ofMinutes(1))
                            .keptBytes(16 << 20)
                            .appendTimeout(timeout),
                    broker -> broker.topics(t -> t.rules(RULES)));
        }
        cluster.awaitAll();
    }

    private static void subscribes(StompSocket client) {
        client.sends("SUBSCRIBE\nid:0\ndestination:/topic/kept.a\nreceipt:s\n\n^@");
        assertThat(client.next().command()).isEqualTo("RECEIPT");
    }

    @AfterEach
    void stop() {
        cluster.close();
        nats.close();
    }

    @Test
    @Tag("case-76")
    void sendsWaitForAServerThatIsKilledAndAreThereOnceWhenItIsBack() {
        nodes(Duration.ofSeconds(30));
        StompSocket alice = cluster.client(0);
        StompSocket bob = cluster.client(1);
        subscribes(bob);
        Received first = Cluster.publishes(alice, "/topic/kept.a", "0");
        assertThat(first.command()).isEqualTo("RECEIPT");
        nats.kill(0);
        for (int i = 1; i <= 20; i++) {
            alice.sends("SEND\ndestination:/topic/kept.a\nreceipt:" + i + "\n\n" + i + "^@");
        }
        nats.restart(0);
        for (int i = 1; i <= 20; i++) {
            assertThat(alice.next().header("receipt-id")).isEqualTo("" + i);
        }
        for (int i = 0; i <= 20; i++) {
            bob.gotMessage("" + i);
        }
        bob.gotNothing();
    }

    @Test
    void whatIsKeptIsThereAgainWhenEverythingWasRestarted() {
        nodes(Duration.ofSeconds(30));
        StompSocket alice = cluster.client(0);
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/kept.a\nreceipt:s\n\n^@");
        Received cursor = alice.next();
        StompSocket bob = cluster.client(1);
        for (int i = 0; i < 5; i++) {
            Cluster.publishes(bob, "/topic/kept.a\nk:" + i % 2, "" + i);
        }
        cluster.stop(0);
        cluster.stop(0);
        nats.kill(0);
        nats.restart(0);
        nats.awaitJetStream();
        nodes(Duration.ofSeconds(30));
        StompSocket carol = cluster.client(0);
        carol.sends("SUBSCRIBE\nid:0\ndestination:/topic/kept.a\nreceipt:s\nfrom:" + cursor.header("epoch") + "/"
                + cursor.header("seq") + "\n\n^@");
        assertThat(carol.next().header("recovered")).isEqualTo("true");
        for (int i = 0; i < 5; i++) {
            carol.gotMessage("" + i);
        }
        StompSocket dave = cluster.client(1);
        subscribes(dave);
        dave.gotMessage("3");
        dave.gotMessage("4");
    }

    @Test
    void aServerThatHangsAndGoesOnLosesNoSendThatHasAReceipt() {
        nodes(Duration.ofSeconds(30));
        StompSocket alice = cluster.client(0);
        StompSocket bob = cluster.client(1);
        subscribes(bob);
        nats.freeze(0);
        for (int i = 0; i < 20; i++) {
            alice.sends("SEND\ndestination:/topic/kept.a\nreceipt:" + i + "\n\n" + i + "^@");
        }
        alice.silentFor(Duration.ofMillis(500));
        nats.thaw(0);
        for (int i = 0; i < 20; i++) {
            assertThat(alice.next().header("receipt-id")).isEqualTo("" + i);
            bob.gotMessage("" + i);
        }
    }

    @Test
    @Tag("case-86")
    void withoutAServerASendIsRefusedWhenItsTimeIsOver() {
        nodes(Duration.ofSeconds(1));
        StompSocket alice = cluster.client(0);
        Cluster.publishes(alice, "/topic/kept.a", "0");
        nats.kill(0);
        alice.sends("SEND\ndestination:/topic/kept.a\nreceipt:1\n\n1^@");
        alice.gotError(1013, "topic unavailable", "cluster.append_timeout");
    }

    @Test
    void aServerThatHangsAndIsKilledThenLosesNoSendThatHasAReceipt() {
        nodes(Duration.ofSeconds(30));
        StompSocket alice = cluster.client(0);
        StompSocket bob = cluster.client(1);
        subscribes(bob);
        nats.freeze(0);
        for (int i = 0; i < 10; i++) {
            alice.sends("SEND\ndestination:/topic/kept.a\nreceipt:" + i + "\n\n" + i + "^@");
        }
        alice.silentFor(Duration.ofMillis(300));
        nats.kill(0);
        nats.restart(0);
        for (int i = 0; i < 10; i++) {
            assertThat(alice.next().header("receipt-id")).isEqualTo("" + i);
            bob.gotMessage("" + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fanfare-fanfare-kept", "fanfare-fanfare-durables"})
    void aStreamHasOneConsumerForEachNodeHoweverItsLinkFails(String name) throws Exception {
        try (Network link = Network.to(nats.port(0));
                Connection looks = Nats.connect(nats.url(0))) {
            cluster.add(
                    // such a node does not leave its server for a while, and has its consumer silent meanwhile
                    NatsOptions.builder("nats://127.0.0.1:" + link.port())
                            .keptBytes(16 << 20)
                            .pingInterval(Duration.ofSeconds(20)),
                    broker -> broker.topics(t -> t.rules(RULES)));
            JetStreamManagement streams = looks.jetStreamManagement();
            String stream = streams.getStreamNames().stream()
                    .filter(each -> each.startsWith(name))
                    .findAny()
                    .orElseThrow();
            for (int i = 0; i < 3; i++) {
                String before = streams.getConsumerNames(stream).get(0);
                link.down().fallsSilent();
                // another one was asked for, and the answer does not come
                Await.until("another consumer", () -> !List.of(before).containsAll(streams.getConsumerNames(stream)));
                link.resets();
                link.heals();
                Await.until("one", () -> streams.getConsumerNames(stream).size() == 1);
            }
            List<String> last = streams.getConsumerNames(stream);
            Await.throughout(
                    Duration.ofSeconds(4),
                    "the same consumer",
                    () -> streams.getConsumerNames(stream).equals(last));
        }
    }
}
