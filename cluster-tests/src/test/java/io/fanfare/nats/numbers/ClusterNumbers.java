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
 * live}, {@code appends}, {@code queues}, or these three; {@code queues1} and {@code queues3}, the halves of {@code
 * queues}; and {@code outages}. All processes share the machine; candidates take turns.
 */
final class ClusterNumbers {

    static final int BODY_BYTES = 128;

    private static final int ROUNDS = Integer.getInteger("fanfare.numbers.rounds", 3);
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("fanfare.numbers.seconds", 4));
    private static final Duration WARM_UP = TIME.dividedBy(2);

    private static final Duration COMPILING = Duration.ofSeconds(12);

    private static final int CLIENTS = 4;
    /** RabbitMQ's queues of several nodes; the headers say that a queue is one, with as many replicas as nodes. */
    private static final String QUORUM = "x-queue-type:quorum\ndurable:true\nauto-delete:false\n";

    private static final int MANY_CLIENTS = 64;
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
                case "queues1" -> numbers.queues(1);
                case "queues3" -> numbers.queues(3);
                case "outages" -> numbers.outages();
                default -> throw new IllegalArgumentException("there is no measurement " + each);
            }
        }
        // threads of jnats would hold it
        System.exit(0);
    }

    private void live() throws IOException, InterruptedException {
        try (NatsServers servers = NatsServers.one(directory);
                Node alone = Node.alone()) {
            List<Node> nodes = Node.sharing(servers, 3);
            try {
                List<Integer> ports = nodes.stream().map(Node::port).toList();
                LiveRounds rounds = new LiveRounds(servers.url(0), alone.port(), ports, WARM_UP, TIME);
                System.out.println("a round in which the JVMs compile");
                rounds.run();
                rounds.clear();
                for (int round = 0; round < ROUNDS; round++) {
                    System.out.println("round " + (round + 1));
                    rounds.run();
                }
                rounds.print();
            } finally {
                nodes.forEach(Node::close);
            }
        }
    }

    private void appends(int replicas) throws IOException, InterruptedException, JetStreamApiException {
        Rounds appends = new Rounds("µs");
        try (NatsServers servers = NatsServers.withJetStream(of("servers", replicas), replicas);
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
        String rabbits = replicas == 1 ? "RabbitMQ, durable queue" : "RabbitMQ, quorum queue of " + replicas + " nodes";
        try (NatsServers servers = NatsServers.withJetStream(of("servers", replicas), replicas);
                Node node = Node.keeping(servers);
                Rabbit rabbit = Rabbit.isInstalled() ? Rabbit.start(of("rabbit", replicas), replicas) : null) {
            // a JVM compiles for as long as that under this load
            shared(node, CLIENTS, COMPILING);
            for (int round = 0; round < ROUNDS; round++) {
                System.out.println("round " + (round + 1) + ", replicas " + replicas);
                List<Double> raw = RawStream.rates(servers.urls(), OUTSTANDING, TIME);
                rates.add("raw append", raw.get(0));
                rates.add("raw pull and ack", raw.get(1));
                rates.add("raw append, pull and ack at once", raw.get(2));
                rates.add("the smaller", Math.min(raw.get(0), raw.get(1)));
                rates.add("shared queue", shared(node, CLIENTS, WARM_UP));
                rates.add("shared queue, 64 of each", shared(node, MANY_CLIENTS, WARM_UP));
                if (rabbit != null) {
                    String type = replicas == 1 ? "" : QUORUM;
                    rates.add(rabbits, queue(rabbit.port(), "/queue/numbers", type, CLIENTS, WARM_UP));
                }
            }
        }
        System.out.println("replicas " + replicas);
        rates.print();
        rates.printRatio("shared queue", "the smaller", "0.7");
        rates.printRatio("shared queue", "raw append, pull and ack at once", "none");
        if (Rabbit.isInstalled()) {
            rates.printRatio("shared queue", rabbits, "1");
        }
    }

    private void outages() throws Exception {
        try (NatsServers servers = NatsServers.withJetStream(of("servers", 3), 3)) {
            Outages.measure(servers, ROUNDS);
        }
    }

    private static double shared(Node node, int clients, Duration warmUp) throws IOException, InterruptedException {
        return queue(node.port(), Node.queue(0), "", clients, warmUp);
    }

    private static double queue(int port, String queue, String type, int clients, Duration warmUp)
            throws IOException, InterruptedException {
        return QueueLoad.rate(port, queue, type, clients, OUTSTANDING, warmUp, TIME);
    }

    private Path of(String what, int replicas) throws IOException {
        return Files.createDirectory(directory.resolve(what + replicas));
    }
}
