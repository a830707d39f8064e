package io.fanfare.nats.history;

import io.fanfare.nats.testing.NatsServers.Place;
import io.fanfare.testing.Needs;
import io.fanfare.testing.Program;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Places with networks of their own, as machines have: network namespaces of Linux, joined by a bridge. What goes wrong here no
 * side is told, and the processes live on. Needs root.
 */
final class Machines implements AutoCloseable {

    private static final String BRIDGE = "fanfare0";
    private static final String NETWORK = "10.213.77.";

    /** An address that no interface has: what goes there goes nowhere. */
    private static final String NOWHERE = "02:00:00:00:00:01";

    private final int count;

    Machines(int count) {
        this.count = count;
        close();
        if (!succeeds("ip", "link", "add", BRIDGE, "type", "bridge")) {
            Needs.unmet("no network namespaces: the user must be root, and have ip (Debian: apt-get install iproute2)");
        }
        run("ip", "addr", "add", NETWORK + "254/24", "dev", BRIDGE);
        run("ip", "link", "set", BRIDGE, "up");
        for (int i = 0; i < count; i++) {
            String name = name(i);
            run("ip", "netns", "add", name);
            run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name);
            run("ip", "link", "set", name, "master", BRIDGE, "up");
            run("ip", "-n", name, "addr", "add", address(i) + "/24", "dev", "eth0");
            run("ip", "-n", name, "link", "set", "eth0", "up");
            run("ip", "-n", name, "link", "set", "lo", "up");
        }
    }

    private static String name(int index) {
        return BRIDGE + "-" + index;
    }

    private static String address(int index) {
        return NETWORK + (index + 1);
    }

    List<Place> places() {
        return IntStream.range(0, count)
                .mapToObj(index -> new Place(address(index), List.of("ip", "netns", "exec", name(index))))
                .toList();
    }

    /** Nothing gets to a machine or from it. */
    void cutsOff(int index) {
        run("ip", "link", "set", name(index), "nomaster");
    }

    /** Nothing gets from one machine to another; the other way all does. */
    void loses(int from, int to) {
        run(neighbour(from, "replace", to, "lladdr", NOWHERE, "nud", "permanent"));
    }

    /** All is well between all of them again. */
    void heal() {
        for (int i = 0; i < count; i++) {
            run("ip", "link", "set", name(i), "master", BRIDGE);
            for (int other = 0; other < count; other++) {
                // it has no such entry where nothing was lost
                succeeds(neighbour(i, "del", other));
            }
        }
    }

    private static String[] neighbour(int of, String what, int other, String... more) {
        Stream<String> command = Stream.of("ip", "-n", name(of), "neigh", what, address(other), "dev", "eth0");
        return Stream.concat(command, Stream.of(more)).toArray(String[]::new);
    }

    private static void run(String... command) {
        Program.start(List.of(command)).succeeds();
    }

    private static boolean succeeds(String... command) {
        return Program.start(List.of(command)).exitCode() == 0;
    }

    @Override
    public void close() {
        for (int i = 0; i < count; i++) {
            succeeds("ip", "netns", "del", name(i));
        }
        succeeds("ip", "link", "del", BRIDGE);
    }
}
