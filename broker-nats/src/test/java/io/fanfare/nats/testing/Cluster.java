package io.fanfare.nats.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.nats.NatsBackplane;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.options.TopicRule;
import io.fanfare.server.FanfareServer;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Several nodes in this JVM, and their clients, over TCP. */
public final class Cluster implements AutoCloseable {

    private final List<FanfareServer> nodes = new ArrayList<>();
    private final List<StompSocket> clients = new ArrayList<>();

    /** Servers that go with the nodes; null: they are the test's. */
    private final @Nullable NatsServers own;

    /** No nodes yet. */
    public Cluster() {
        this(null);
    }

    private Cluster(@Nullable NatsServers own) {
        this.own = own;
    }

    /**
     * Two nodes on NATS servers with JetStream that go with them.
     *
     * @param directory for the files of the servers
     * @param more further options of NATS
     * @param broker further options of each node's broker
     */
    public static Cluster ofTwo(
            Path directory,
            int servers,
            UnaryOperator<NatsOptions.Builder> more,
            UnaryOperator<BrokerOptions.Builder> broker) {
        Cluster cluster = new Cluster(NatsServers.withJetStream(directory, servers));
        try {
            for (int i = 0; i < 2; i++) {
                cluster.add(more.apply(patient(cluster.nats())), broker);
            }
            cluster.awaitAll();
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    /** Two nodes that keep topics in one NATS server. */
    public static Cluster keeping(Path directory, List<TopicRule> rules) {
        return ofTwo(directory, 1, nats -> nats.keptBytes(16 << 20), broker -> broker.topics(t -> t.rules(rules)));
    }

    /** The servers that go with the nodes. */
    public NatsServers nats() {
        return Objects.requireNonNull(own);
    }

    /** Nodes on these NATS servers, each starting with another one; returns when all know each other. */
    public static Cluster of(int count, NatsServers nats) {
        Cluster cluster = new Cluster();
        try {
            for (int i = 0; i < count; i++) {
                cluster.add(patient(nats));
            }
            cluster.awaitAll();
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    /** Options of a node that does not take a starved machine for a server that has gone. */
    public static NatsOptions.Builder patient(NatsServers nats) {
        return NatsOptions.builder().servers(nats.urls()).pingInterval(Duration.ofSeconds(20));
    }

    /** Starts one node more. */
    public FanfareServer add(NatsOptions.Builder options) {
        return add(options, broker -> broker);
    }

    /** Starts one node more, with further options of its broker. */
    public FanfareServer add(NatsOptions.Builder options, UnaryOperator<BrokerOptions.Builder> more) {
        BrokerOptions broker = more.apply(BrokerOptions.builder())
                .backplane(new NatsBackplane(options.build()))
                .build();
        FanfareServer node = FanfareServer.builder()
                .port(0)
                .loops(1)
                .admin(admin -> admin.port(0))
                .timeouts(timeouts -> timeouts.closeTimeout(Duration.ofMillis(500)))
                .broker(broker)
                .start();
        nodes.add(node);
        return node;
    }

    /** Returns when each node knows all others. */
    public void awaitAll() {
        nodes.forEach(node -> Await.until(
                "all nodes are known", () -> node.broker().inspection().nodes().size() == nodes.size()));
    }

    public FanfareServer node(int index) {
        return nodes.get(index);
    }

    /** The id of a node. */
    public String id(int index) {
        return node(index).broker().inspection().nodes().get(0).id();
    }

    /** A client of a node, connected. */
    public StompSocket client(int index) {
        return client(node(index), "");
    }

    /** A client of a node, connected with further headers, each with a line feed behind it. */
    public StompSocket client(FanfareServer node, String headers) {
        StompSocket client = StompSocket.over(RawTcp.connect(node.tcpPort()));
        clients.add(client);
        client.sends("CONNECT\naccept-version:1.2\nhost:h\n" + headers + "\n^@");
        client.got("CONNECTED\nversion:1.2\n\n^@");
        return client;
    }

    /** Sends a message and waits for its RECEIPT, which is returned. */
    public static Received publishes(StompSocket client, String destination, String body) {
        client.sends("SEND\ndestination:" + destination + "\nreceipt:published\n\n" + body + "^@");
        Received receipt = client.next();
        assertThat(receipt.command()).as("%s", receipt).isEqualTo("RECEIPT");
        return receipt;
    }

    /** Closes a node. */
    public void stop(int index) {
        nodes.remove(index).close();
    }

    @Override
    public void close() {
        clients.forEach(StompSocket::close);
        nodes.forEach(FanfareServer::close);
        if (own != null) {
            own.close();
        }
    }
}
