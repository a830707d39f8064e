package io.fanfare.nats.numbers;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What live messages cost between three nodes, beside one node and core NATS; candidates take turns in each round. */
final class LiveRounds {

    private static final int FEW = 10;
    private static final int MANY = 1_000;

    /** How far a publisher is ahead where little more than bridging is measured: one MiB of bodies. */
    private static final int BRIDGE_WINDOW = 8_192;

    private static final int BATCH = 64;
    private static final String RAW_BATCHES = "core NATS, " + BATCH + " records a message, to two";
    private static final String BRIDGE = "A to B and C";
    private static final String SINGLE = "one node, one subscriber";
    private static final String CORE = "core NATS";
    private static final String DIFFERENCE = "at B minus at A";

    private final String server;
    private final int alone;
    private final List<Integer> ports;
    private final Duration warmUp;
    private final Duration time;
    private final Rounds fanout = new Rounds("deliveries/s");
    private final Rounds bridge = new Rounds("records/s");
    private final Rounds latency = new Rounds("µs");

    /**
     * No rounds yet.
     *
     * @param alone the port of the node without NATS
     * @param ports of the three nodes
     */
    LiveRounds(String server, int alone, List<Integer> ports, Duration warmUp, Duration time) {
        this.server = server;
        this.alone = alone;
        this.ports = List.copyOf(ports);
        this.warmUp = warmUp;
        this.time = time;
    }

    void run() throws IOException, InterruptedException {
        fanOut(FEW);
        fanOut(MANY);
        bridge.add(RAW_BATCHES, RawBatches.rate(server, 2, BATCH, BRIDGE_WINDOW, warmUp, time));
        bridge.add(BRIDGE, Fanout.rate(ports.get(0), ports.subList(1, 3), 1, BRIDGE_WINDOW, warmUp, time) / 2);
        bridge.add(SINGLE, Fanout.rate(alone, List.of(alone), 1, BRIDGE_WINDOW, warmUp, time));
        latency.add(CORE, Latency.ofCore(server, time));
        List<Double> medians = Latency.ofNodes(ports.subList(0, 2), time);
        latency.add("at A", medians.get(0));
        latency.add("at B", medians.get(1));
        latency.add(DIFFERENCE, medians.get(1) - medians.get(0));
    }

    private void fanOut(int each) throws IOException {
        // as with the cells s1 of docs/benchmarks.md
        int window = Math.min(Math.max(20_000 / (3 * each), 16), (256 << 10) / (ClusterNumbers.BODY_BYTES + 256));
        fanout.add(onOne(each), Fanout.rate(alone, List.of(alone), 3 * each, window, warmUp, time));
        fanout.add(onThree(each), Fanout.rate(ports.get(0), ports, each, window, warmUp, time));
    }

    private static String onOne(int each) {
        return 3 * each + " subscribers of one node";
    }

    private static String onThree(int each) {
        return "3 x " + each + " of three nodes";
    }

    /** Forgets the rounds so far. */
    void clear() {
        List.of(fanout, bridge, latency).forEach(Rounds::clear);
    }

    void print() {
        fanout.print();
        fanout.printRatio(onThree(FEW), onOne(FEW), "0.35");
        fanout.printRatio(onThree(MANY), onOne(MANY), "0.8");
        bridge.print();
        bridge.printRatio(BRIDGE, RAW_BATCHES, "0.5");
        bridge.printRatio(BRIDGE, SINGLE, "none");
        latency.print();
        latency.printRatio(DIFFERENCE, CORE, "at most 1.5");
    }
}
