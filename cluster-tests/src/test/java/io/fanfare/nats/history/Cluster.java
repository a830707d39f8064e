package io.fanfare.nats.history;

import io.fanfare.nats.testing.NatsServers;
import io.fanfare.testing.Await;
import io.fanfare.testing.FreePorts;
import io.fanfare.testing.Network;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Three NATS servers, three nodes, and a network of its own between each node and each server. */
final class Cluster implements AutoCloseable {

    static final int SIZE = 3;

    /** Where dozens of processes want to run, the start of a JVM alone has taken more than one. */
    private static final int DEADLINES = 5;

    /** Servers that do not hear each other elect a leader only after some seconds. */
    private static final int LONGER = 4;

    private final NatsServers servers;
    private final @Nullable Machines machines;

    /** By node, then by server. */
    private final List<List<Network>> links = new ArrayList<>();

    private final List<Integer> ports;
    private final List<NodeProcess> nodes = new ArrayList<>();

    /** Those that have ended, too. */
    private final List<List<NodeProcess>> lives = new ArrayList<>();

    /**
     * Starts them.
     *
     * @param directory for the NATS servers
     * @param machines for the NATS servers, as many; null: all are here
     */
    Cluster(Path directory, @Nullable Machines machines) {
        this.machines = machines;
        servers = machines == null
                ? NatsServers.withJetStream(directory, SIZE)
                : NatsServers.withJetStream(directory, machines.places());
        ports = FreePorts.next(SIZE);
        for (int node = 0; node < SIZE; node++) {
            links.add(IntStream.range(0, SIZE)
                    .mapToObj(server -> Network.to(servers.address(server)))
                    .toList());
            NodeProcess first = NodeProcess.start(ports.get(node), urls(node));
            nodes.add(first);
            lives.add(new ArrayList<>(List.of(first)));
        }
        nodes.forEach(Cluster::awaitReady);
        nodes.stream().filter(node -> !node.isAlive()).findAny().ifPresent(node -> {
            throw new IllegalStateException("a node has ended: " + node);
        });
    }

    private List<String> urls(int node) {
        return links.get(node).stream()
                .map(link -> "nats://127.0.0.1:" + link.port())
                .toList();
    }

    /** Returns when clients can connect, or the node has ended. */
    private static void awaitReady(NodeProcess node) {
        for (int deadline = 1; !isReadyInTime(node); deadline++) {
            if (deadline == DEADLINES) {
                node.printsThreads();
                throw new IllegalStateException("a node is not ready after " + DEADLINES + " minutes");
            }
        }
    }

    private static boolean isReadyInTime(NodeProcess node) {
        try {
            Await.until("a node is ready", () -> node.isReady() || !node.isAlive());
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }

    /** Whether the NATS servers are older than 2.10. */
    boolean hasOldServers() {
        try (Connection connection = Nats.connect(servers.url(0))) {
            return connection.getServerInfo().isOlderThanVersion("2.10.0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether one of the NATS servers may fail now: three bear the loss of one, and none of them has anything to catch up. */
    boolean bearsLossOfServer() {
        return servers.haveCaughtUp();
    }

    /** Where clients connect. */
    List<URI> uris() {
        return ports.stream().map(NodeProcess::uri).toList();
    }

    /** Has something go wrong for a while, and waits until it is right again. */
    void suffers(Fault fault, Random random, History history) throws InterruptedException {
        int index = random.nextInt(SIZE);
        long millis = 500L + random.nextInt(2_000);
        String what = fault + " at " + index;
        history.add(Event.Kind.FAULT, "", "", what);
        switch (fault) {
            case SERVER_KILLED -> {
                servers.kill(index);
                lasts(millis);
                servers.restart(index);
            }
            case SERVER_FROZEN -> {
                servers.freeze(index);
                lasts(millis);
                servers.thaw(index);
            }
            case NODE_KILLED -> {
                nodes.get(index).close();
                starts(index);
            }
            case NODE_ENDED -> {
                nodes.get(index).terminate();
                Await.until("the node ends", () -> !nodes.get(index).isAlive());
                starts(index);
            }
            case LINK_RESET -> links.get(index).forEach(Network::resets);
            case LINK_CUT -> {
                links.get(index).forEach(Network::isCut);
                lasts(millis);
            }
            case LINK_SILENT -> {
                links.get(index).forEach(link -> {
                    link.up().fallsSilent();
                    link.down().fallsSilent();
                });
                lasts(millis);
            }
            case LINK_HALF_OPEN -> {
                links.get(index).forEach(link -> link.up().fallsSilent());
                lasts(millis);
            }
            case SERVER_CUT_OFF -> {
                machines().cutsOff(index);
                lasts(millis * LONGER);
                machines().heal();
            }
            case ROUTE_SILENT -> {
                machines().loses(index, next(index));
                machines().loses(next(index), index);
                lasts(millis * LONGER);
                machines().heal();
            }
            case ROUTE_ONE_WAY -> {
                machines().loses(index, next(index));
                lasts(millis * LONGER);
                machines().heal();
            }
        }
        links.get(index).forEach(Network::heals);
        history.add(Event.Kind.MENDED, "", "", what);
    }

    /** The time for which a fault lasts is one of a run's choices: nothing is waited for. */
    private static void lasts(long millis) throws InterruptedException {
        Thread.sleep(millis);
    }

    private Machines machines() {
        if (machines == null) {
            throw new IllegalStateException("the servers are on one machine");
        }
        return machines;
    }

    private static int next(int index) {
        return (index + 1) % SIZE;
    }

    /** What servers and nodes have printed, by a name for a file; of a node each life by itself. */
    Map<String, List<String>> logs() {
        Map<String, List<String>> logs = new TreeMap<>();
        for (int i = 0; i < SIZE; i++) {
            logs.put("nats-server-" + i, servers.log(i));
            for (int life = 0; life < lives.get(i).size(); life++) {
                logs.put("node-" + i + "-" + life, lives.get(i).get(life).out());
            }
        }
        return logs;
    }

    /** As a supervisor does: one that ends before it is ready, as on a starved machine, is started again. */
    private void starts(int index) {
        for (int attempt = 1; !startsOnce(index); attempt++) {
            if (attempt == DEADLINES) {
                throw new IllegalStateException("a node has ended: " + nodes.get(index));
            }
        }
    }

    private boolean startsOnce(int index) {
        NodeProcess again = NodeProcess.start(ports.get(index), urls(index));
        nodes.set(index, again);
        lives.get(index).add(again);
        awaitReady(again);
        return again.isAlive();
    }

    @Override
    public void close() {
        nodes.forEach(NodeProcess::close);
        links.forEach(each -> each.forEach(Network::close));
        servers.close();
    }
}
