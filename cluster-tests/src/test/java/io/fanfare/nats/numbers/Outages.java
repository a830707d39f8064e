package io.fanfare.nats.numbers;

import io.fanfare.nats.testing.NatsServers;
import io.fanfare.testing.Await;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * How long what NATS keeps stands still when one of three NATS servers is killed or hangs, and when it comes back: the
 * longest pause between two RECEIPTs of a client that sends one message after the other, and between two messages of a
 * consumer, at each of three nodes. Beside them the times after which JetStream has elected other leaders.
 */
final class Outages implements AutoCloseable {

    private static final int NODES = 3;
    private static final long BETWEEN_MILLIS = 100;
    private static final long LASTS_MILLIS = 16_000;
    private static final long BACK_MILLIS = 12_000;
    private static final String ADVISORY = "$JS.EVENT.ADVISORY.";
    private static final String ELECTED = ADVISORY + "*.LEADER_ELECTED.>";

    private final NatsServers servers;
    private final List<Node> nodes;
    private final List<StompLine> lines = new ArrayList<>();
    private final List<Pauses> all = new ArrayList<>();

    /** When a stream or a consumer has got a leader, by its name, since the last fault. */
    private final Map<String, Long> elections = new ConcurrentHashMap<>();

    private volatile boolean ends;

    /** The longest pause of one client since it was asked last. */
    private static final class Pauses {
        private final String what;
        private long last = System.nanoTime();
        private long longest;

        private Pauses(String what) {
            this.what = what;
        }

        private synchronized void goesOn() {
            long now = System.nanoTime();
            longest = Math.max(longest, now - last);
            last = now;
        }

        private synchronized long take() {
            long taken = Math.max(longest, System.nanoTime() - last);
            longest = 0;
            return taken;
        }
    }

    private Outages(NatsServers servers) throws IOException {
        this.servers = servers;
        this.nodes = Node.keeping(servers, NODES);
        for (int stream = 0; stream < Node.STREAMS; stream++) {
            for (Node node : nodes) {
                sends(node, Node.topic(stream));
            }
            for (Node node : nodes) {
                sends(node, Node.queue(stream));
            }
            for (Node node : nodes) {
                consumes(node, Node.queue(stream));
            }
        }
    }

    /** Kills each server in turn, then has each hang, and prints a table of the pauses. */
    static void measure(NatsServers servers, int rounds) throws Exception {
        try (Outages outages = new Outages(servers);
                Connection listening = Nats.connect(String.join(",", servers.urls()))) {
            listening
                    .createDispatcher(message -> outages.elected(message.getSubject()))
                    .subscribe(ELECTED);
            for (int round = 0; round < rounds; round++) {
                for (boolean kills : List.of(true, false)) {
                    for (int server = 0; server < NODES; server++) {
                        outages.fault(server, kills, listening);
                    }
                }
            }
        }
    }

    private void elected(String subject) {
        elections.putIfAbsent(subject.substring(ADVISORY.length()), System.nanoTime());
    }

    private void fault(int server, boolean kills, Connection listening) throws Exception {
        Await.until("all servers have caught up", servers::haveCaughtUp);
        String led = ledBy(server, listening);
        all.forEach(Pauses::take);
        elections.clear();
        long start = System.nanoTime();
        if (kills) {
            servers.kill(server);
        } else {
            servers.freeze(server);
        }
        TimeUnit.MILLISECONDS.sleep(LASTS_MILLIS);
        print((kills ? "killed n" : "hangs n") + server, led, start);
        if (kills) {
            servers.restart(server);
        } else {
            servers.thaw(server);
        }
        elections.clear();
        long back = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep(BACK_MILLIS);
        print((kills ? "started n" : "goes on n") + server, "", back);
    }

    private String ledBy(int server, Connection listening) throws IOException, JetStreamApiException {
        JetStreamManagement management = listening.jetStreamManagement();
        List<String> led = new ArrayList<>();
        for (String stream : management.getStreamNames()) {
            if (isLed(management.getStreamInfo(stream).getClusterInfo().getLeader(), server)) {
                led.add(stream);
            }
            management.getConsumers(stream).stream()
                    .filter(each -> isLed(each.getClusterInfo().getLeader(), server))
                    .forEach(each -> led.add(stream + "." + each.getName()));
        }
        return String.join(" ", led);
    }

    private static boolean isLed(String leader, int server) {
        return ("n" + server).equals(leader);
    }

    /** @param led what the server led; empty: nothing, as it comes back */
    private void print(String fault, String led, long start) {
        System.out.println(fault + (led.isEmpty() ? "" : ", which led " + led));
        new TreeMap<>(elections)
                .forEach((what, at) -> System.out.println("  elected after " + seconds(at - start) + " s: " + what));
        Map<String, List<Pauses>> byStream =
                all.stream().collect(Collectors.groupingBy(each -> each.what, TreeMap::new, Collectors.toList()));
        byStream.forEach((what, pauses) -> System.out.println("| " + fault + " | " + what + " | "
                + pauses.stream().map(each -> seconds(each.take()) + " s").collect(Collectors.joining(", ")) + " |"));
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / 1e9);
    }

    private StompLine connect(Node node) throws IOException {
        StompLine line = StompLine.connect(node.port());
        lines.add(line);
        return line;
    }

    private void sends(Node node, String destination) throws IOException {
        StompLine line = connect(node);
        Pauses pauses = new Pauses("SENDs to " + destination);
        all.add(pauses);
        String frame = "SEND\ndestination:" + destination + "\nreceipt:r\n\nx\0";
        start(() -> {
            line.send(frame);
            line.flush();
            line.next();
            pauses.goesOn();
            TimeUnit.MILLISECONDS.sleep(BETWEEN_MILLIS);
        });
    }

    private void consumes(Node node, String queue) throws IOException {
        StompLine line = connect(node);
        line.subscribe(queue, "ack:client-individual\nprefetch-count:10\n");
        Pauses pauses = new Pauses("consumers of " + queue);
        all.add(pauses);
        start(() -> {
            String message = line.next();
            line.send("ACK\nid:" + StompLine.header(message, "ack") + "\n\n\0");
            line.flush();
            pauses.goesOn();
        });
    }

    /** What a client does again and again. */
    private interface Work {

        void run() throws IOException, InterruptedException;
    }

    private void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                while (!ends) {
                    work.run();
                }
            } catch (IOException | InterruptedException e) {
                if (!ends) {
                    System.err.println(e);
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        ends = true;
        for (StompLine each : lines) {
            each.close();
        }
        nodes.forEach(Node::close);
    }
}
