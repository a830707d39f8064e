package io.fanfare.nats.numbers;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.nats.NatsBackplane;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.nats.testing.NatsServers;
import io.fanfare.options.TopicRule;
import io.fanfare.server.FanfareServer;
import io.fanfare.testing.Await;
import io.fanfare.testing.Program;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A node in a process of its own, with the settings that a node has unless it is told otherwise. */
final class Node extends Program {

    /** Topics that keep messages, and shared queues: of each so many, so that their streams have leaders at several servers. */
    static final int STREAMS = 3;

    private static final long KEPT_BYTES = 256L << 20;
    private static final String READY = "ready ";
    private static final String ALONE = "-";

    private Node(List<String> command) {
        super(new ProcessBuilder(command).redirectErrorStream(true), false);
    }

    /** The address of a topic that keeps messages. */
    static String topic(int stream) {
        return "/topic/kept." + stream;
    }

    /** The address of a shared queue. */
    static String queue(int stream) {
        return "/queue/shared." + stream;
    }

    /** A node without NATS. */
    static Node alone() {
        Node node = start(ALONE, 1, false);
        node.awaitReady();
        return node;
    }

    /** Nodes that share live topics; returns when all know each other. */
    static List<Node> sharing(NatsServers servers, int count) {
        return start(servers, count, false);
    }

    /** One node with topics and queues that NATS keeps, in as many replicas as there are servers. */
    static Node keeping(NatsServers servers) {
        return keeping(servers, 1).get(0);
    }

    /** The same with several nodes; returns when all know each other. */
    static List<Node> keeping(NatsServers servers, int count) {
        return start(servers, count, true);
    }

    private static List<Node> start(NatsServers servers, int count, boolean keeps) {
        List<Node> all = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                all.add(start(String.join(",", servers.urls()), count, keeps));
            }
            all.forEach(Node::awaitReady);
            return all;
        } catch (RuntimeException | Error e) {
            all.forEach(Node::close);
            throw e;
        }
    }

    private static Node start(String servers, int count, boolean keeps) {
        return new Node(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms256m",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                Node.class.getName(),
                servers,
                String.valueOf(count),
                String.valueOf(keeps)));
    }

    private void awaitReady() {
        Await.until("a node is ready: " + this, () -> !ready().isEmpty() || !isAlive());
        if (!isAlive()) {
            throw new IllegalStateException("a node has ended: " + this);
        }
    }

    private String ready() {
        return out().stream()
                .filter(line -> line.startsWith(READY))
                .findFirst()
                .map(line -> line.substring(READY.length()))
                .orElse("");
    }

    /** Where clients connect, over TCP. */
    int port() {
        return Integer.parseInt(ready());
    }

    /** Runs a node until its process ends. */
    public static void main(String[] args) throws InterruptedException {
        int count = Integer.parseInt(args[1]);
        boolean keeps = Boolean.parseBoolean(args[2]);
        BrokerOptions.Builder broker = BrokerOptions.builder();
        if (!args[0].equals(ALONE)) {
            NatsOptions.Builder nats =
                    NatsOptions.builder(args[0].split(",")).name("numbers").keptBytes(KEPT_BYTES);
            if (keeps) {
                nats.sharedQueues(
                        IntStream.range(0, STREAMS).mapToObj(Node::queue).toList());
                broker.topics(topics -> topics.rules(IntStream.range(0, STREAMS)
                        .mapToObj(stream -> TopicRule.of(topic(stream)).history(1_000))
                        .toList()));
            }
            broker.backplane(new NatsBackplane(nats.build()));
        }
        FanfareServer server =
                FanfareServer.builder().port(0).broker(broker.build()).start();
        Await.until(
                "all nodes are known",
                () -> server.broker().inspection().nodes().size() == count || args[0].equals(ALONE));
        System.out.println(READY + server.tcpPort());
        Thread.currentThread().join();
    }
}
