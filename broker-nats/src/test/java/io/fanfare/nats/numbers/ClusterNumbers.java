package io.fanfare.nats.numbers;

import io.fanfare.nats.testing.NatsServers;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Measures several nodes, and what survives them, beside raw NATS and RabbitMQ, and prints tables in Markdown: {@code
 * live}, {@code appends}, {@code queues}, or all. All processes share the machine; candidates take turns.
 */
final class ClusterNumbers {

    static final int BODY_BYTES = 128;

    private static final int ROUNDS = Integer.getInteger("fanfare.numbers.rounds", 3);
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("fanfare.numbers.seconds", 4));
    private static final Duration WARM_UP = TIME.dividedBy(2);

    /** How far a publisher is ahead where little more than bridging is measured: one MiB of bodies. */
    private static final int BRIDGE_WINDOW = 8_192;

    private static final int BATCH = 64;
    private static final int CLIENTS = 4;
    private static final int OUTSTANDING = 256;

    private final Path directory;

    private ClusterNumbers(Path directory) {
        this.directory = directory;
    }

    public static void main(String[] args) throws Exception {
        List<String> which = args.length == 0 ? List.of("live", "appends", "queues") : List.of(args);
        for (String each : which) {
            ClusterNumbers numbers = new ClusterNumbers(Files.createTempDirectory("fanfare-numbers"));
            switch (each) {
                case "live" -> numbers.live();
                case "appends" -> {
                    numbers.appends(1);
                    numbers.appends(3);
                }
                case "queues" -> {
                    numbers.queues(1);
                    numbers.queues(3);
                }
                default -> throw new IllegalArgumentException("there is no measurement " + each);
            }
        }
        // threads of jnats would hold it
        System.exit(0);
    }

    private void live() throws IOException, InterruptedException {
        Rounds fanout = new Rounds("deliveries/s");
        Rounds bridge = new Rounds("records/s");
        Rounds latency = new Rounds("µs");
        try (NatsServers servers = NatsServers.one(directory);
                Node alone = Node.alone()) {
            List<Node> nodes = Node.sharing(servers, 3);
            try {
                List<Integer> ports = nodes.stream().map(Node::port).toList();
                for (int round = 0; round < ROUNDS; round++) {
                    System.out.println("round " + (round + 1));
                    for (int each : List.of(10, 1_000)) {
                        int window = Math.min(Math.max(20_000 / (3 * each), 16), (256 << 10) / (BODY_BYTES + 256));
                        fanout.add(
                                "3 x " + each + " on one node",
                                Fanout.rate(alone.port(), List.of(alone.port()), 3 * each, window, WARM_UP, TIME));
                        fanout.add(
                                "3 x " + each + " on three nodes",
                                Fanout.rate(ports.get(0), ports, each, window, WARM_UP, TIME));
                    }
                    bridge.add(
                            "raw core NATS, " + BATCH + " records a message",
                            RawBatches.rate(servers.url(0), 2, BATCH, BRIDGE_WINDOW, WARM_UP, TIME));
                    bridge.add(
                            "A to B and C",
                            Fanout.rate(ports.get(0), ports.subList(1, 3), 1, BRIDGE_WINDOW, WARM_UP, TIME) / 2);
                    latency.add("core NATS", Latency.ofCore(servers.url(0), TIME));
                    List<Double> medians = Latency.ofNodes(ports.subList(0, 2), TIME);
                    latency.add("at A", medians.get(0));
                    latency.add("at B", medians.get(1));
                    latency.add("at B minus at A", medians.get(1) - medians.get(0));
                }
            } finally {
                nodes.forEach(Node::close);
            }
        }
        fanout.print();
        fanout.printRatio("3 x 10 on three nodes", "3 x 10 on one node", "0.35");
        fanout.printRatio("3 x 1000 on three nodes", "3 x 1000 on one node", "0.8");
        bridge.print();
        bridge.printRatio("A to B and C", "raw core NATS, " + BATCH + " records a message", "0.5");
        latency.print();
        latency.printRatio("at B minus at A", "core NATS", "at most 1.5");
    }

    private void appends(int replicas) throws IOException, InterruptedException, JetStreamApiException {
        Rounds appends = new Rounds("µs");
        try (NatsServers servers = NatsServers.withJetStream(of(replicas), replicas);
                Node node = Node.keeping(servers)) {
            Appending.round(servers, node, 1);
            for (int round = 0; round < ROUNDS; round++) {
                System.out.println("round " + (round + 1) + ", replicas " + replicas);
                Appending.round(servers, node, (int) TIME.toSeconds()).forEach(appends::add);
            }
        }
        System.out.println("replicas " + replicas);
        appends.print();
        appends.printRatio(Appending.KEPT, Appending.RAW, "at most 2");
        appends.printRatio(Appending.QUEUE, Appending.RAW, "at most 2");
    }

    private void queues(int replicas) throws IOException, InterruptedException, JetStreamApiException {
        Rounds rates = new Rounds("messages/s");
        boolean withRabbit = replicas == 1 && Rabbit.isInstalled();
        try (NatsServers servers = NatsServers.withJetStream(of(replicas), replicas);
                Node node = Node.keeping(servers);
                Rabbit rabbit = withRabbit ? Rabbit.start(directory) : null) {
            for (int round = 0; round < ROUNDS; round++) {
                System.out.println("round " + (round + 1) + ", replicas " + replicas);
                List<Double> raw = RawStream.rates(servers.urls(), OUTSTANDING, TIME);
                rates.add("raw append", raw.get(0));
                rates.add("raw pull and ack", raw.get(1));
                rates.add("the smaller", Math.min(raw.get(0), raw.get(1)));
                rates.add(
                        "shared queue",
                        QueueLoad.rate(node.port(), Node.queue(0), CLIENTS, OUTSTANDING, WARM_UP, TIME));
                if (rabbit != null) {
                    rates.add(
                            "RabbitMQ, durable queue",
                            QueueLoad.rate(rabbit.port(), "/queue/numbers", CLIENTS, OUTSTANDING, WARM_UP, TIME));
                }
            }
        }
        System.out.println("replicas " + replicas);
        rates.print();
        rates.printRatio("shared queue", "the smaller", "0.7");
        if (withRabbit) {
            rates.printRatio("shared queue", "RabbitMQ, durable queue", "1");
        }
    }

    private Path of(int replicas) throws IOException {
        return Files.createDirectory(directory.resolve("servers" + replicas));
    }
}
