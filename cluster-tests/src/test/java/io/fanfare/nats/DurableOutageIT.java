package io.fanfare.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.nats.testing.Cluster;
import io.fanfare.nats.testing.NatsServers;
import io.fanfare.options.TopicRule;
import io.fanfare.server.FanfareServer;
import io.fanfare.testing.Await;
import io.fanfare.testing.Network;
import io.fanfare.testing.Program;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Durable subscriptions whose holder's node dies, or is cut off. */
class DurableOutageIT {

    private static final List<TopicRule> RULES =
            List.of(TopicRule.of("/topic/news.#").history(500));
    private static final long KEPT_BYTES = 16 << 20;

    @TempDir
    private Path directory;

    private NatsServers nats;
    private Cluster cluster;

    @BeforeEach
    void aNode() {
        nats = NatsServers.withJetStream(directory, 1);
        cluster = new Cluster();
        cluster.add(Cluster.patient(nats).keptBytes(KEPT_BYTES), broker -> broker.topics(t -> t.rules(RULES)));
    }

    @AfterEach
    void stop() {
        cluster.close();
        nats.close();
    }

    /** A node in a process of its own. */
    static final class Node {

        private Node() {}

        public static void main(String[] args) throws InterruptedException {
            NatsOptions options =
                    NatsOptions.builder(args).keptBytes(KEPT_BYTES).build();
            FanfareServer server = FanfareServer.builder()
                    .port(0)
                    .loops(1)
                    .broker(BrokerOptions.builder()
                            .topics(topics -> topics.rules(RULES))
                            .backplane(new NatsBackplane(options))
                            .build())
                    .start();
            System.out.println("ready tcp=" + server.tcpPort());
            Thread.currentThread().join();
        }
    }

    private static StompSocket bob(int port) {
        StompSocket bob = StompSocket.over(RawTcp.connect(port));
        bob.sends("CONNECT\naccept-version:1.2\nhost:h\nclient-id:bob\n\n^@");
        bob.got("CONNECTED\nversion:1.2\n\n^@");
        return bob;
    }

    private static Received subscribes(StompSocket client) {
        return asks(client).next();
    }

    private static StompSocket asks(StompSocket client) {
        return client.sends(
                "SUBSCRIBE\nid:d\ndestination:/topic/news.#\ndurable:true\nack:client-individual\nreceipt:s\n\n^@");
    }

    /** Gets three messages, and acknowledges the second. */
    private void settlesOneOfThree(StompSocket bob) {
        StompSocket alice = cluster.client(0);
        for (int i = 0; i < 3; i++) {
            Cluster.publishes(alice, "/topic/news." + i, "" + i);
        }
        bob.gotMessage("0");
        Received second = bob.gotMessage("1");
        bob.gotMessage("2");
        bob.sends("ACK\nid:" + second.header("ack") + "\nreceipt:a\n\n^@");
        assertThat(bob.next().header("receipt-id")).isEqualTo("a");
        Cluster.publishes(alice, "/topic/news.x", "3");
    }

    private void goesOnHere() {
        StompSocket again = bob(cluster.node(0).tcpPort());
        assertThat(subscribes(again).header("recovered")).isEqualTo("true");
        assertThat(again.gotMessage("0").header("redelivered")).isEqualTo("true");
        assertThat(again.gotMessage("2").header("redelivered")).isEqualTo("true");
        // the node that has gone may have delivered it
        assertThat(again.gotMessage("3").header("redelivered")).isEqualTo("true");
        Cluster.publishes(cluster.client(0), "/topic/news.x", "4");
        assertThat(again.gotMessage("4").find("redelivered")).isNull();
    }

    @Test
    void whatTheClientOfANodeThatIsKilledHasNotSettledComesAgainAndWhatItHasDoesNot() {
        try (Program node = Program.start(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Node.class.getName(),
                nats.url(0)))) {
            StompSocket bob =
                    bob(Integer.parseInt(node.printed("ready tcp=(\\d+)").group(1)));
            subscribes(bob);
            settlesOneOfThree(bob);
            node.close();
            goesOnHere();
        }
    }

    /**
     * Each of them waits for the connection before to say what it has delivered; that of the killed node never does.
     */
    @Test
    void clientsThatTakeItFromEachOtherGetItSoonAfterItsNodeWasKilled() {
        try (Program node = Program.start(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Node.class.getName(),
                nats.url(0)))) {
            int port = Integer.parseInt(node.printed("ready tcp=(\\d+)").group(1));
            assertThat(subscribes(bob(port)).find("recovered")).as("new").isNull();
            node.close();
        }
        int here = cluster.node(0).tcpPort();
        StompSocket[] last = {asks(bob(here))};
        Await.until("one has it", () -> {
            StompSocket next = asks(bob(here));
            Received first = last[0].next();
            last[0] = next;
            return first.command().equals("RECEIPT");
        });
    }

    @Test
    void aNodeThatIsCutOffLosesItsClientWhenItIsBack() {
        try (Network link = Network.to(nats.port(0))) {
            FanfareServer other = cluster.add(
                    NatsOptions.builder("nats://127.0.0.1:" + link.port()).keptBytes(KEPT_BYTES),
                    broker -> broker.topics(t -> t.rules(RULES)));
            cluster.awaitAll();
            StompSocket bob = bob(other.tcpPort());
            subscribes(bob);
            settlesOneOfThree(bob);
            bob.gotMessage("3");
            link.isCut();
            goesOnHere();
            link.heals();
            Received next = bob.next();
            while (next.command().equals("MESSAGE")) {
                next = bob.next();
            }
            assertThat(next.header("message")).isEqualTo("taken over");
        }
    }
}
