package io.fanfare.nats.history;

import io.fanfare.nats.testing.NatsServers;
import io.fanfare.testing.Await;
import io.fanfare.testing.Network;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Three NATS servers, three nodes, and a network of its own between each node and each server. */
final class Cluster implements AutoCloseable {

    private static final int SIZE = 3;

    private final NatsServers servers;

    /** By node, then by server. */
    private final List<List<Network>> links = new ArrayList<>();

    private final List<Integer> ports;
    private final List<NodeProcess> nodes = new ArrayList<>();

    Cluster(Path directory) {
        servers = NatsServers.withJetStream(directory, SIZE);
        ports = freePorts();
        for (int node = 0; node < SIZE; node++) {
            links.add(IntStream.range(0, SIZE)
                    .mapToObj(server -> Network.to(servers.port(server)))
                    .toList());
            nodes.add(NodeProcess.start(ports.get(node), urls(node)));
        }
        nodes.forEach(Cluster::awaitReady);
    }

    private static List<Integer> freePorts() {
        List<Integer> ports = new ArrayList<>();
        try (ServerSocket first = free();
                ServerSocket second = free();
                ServerSocket third = free()) {
            List.of(first, second, third).forEach(each -> ports.add(each.getLocalPort()));
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServerSocket free() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private List<String> urls(int node) {
        return links.get(node).stream()
                .map(link -> "nats://127.0.0.1:" + link.port())
                .toList();
    }

    private static void awaitReady(NodeProcess node) {
        Await.until("a node is ready: " + node, () -> node.isReady() || !node.isAlive());
        if (!node.isAlive()) {
            throw new IllegalStateException("a node has ended: " + node);
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

    /** Where clients connect. */
    List<URI> uris() {
        return ports.stream().map(NodeProcess::uri).toList();
    }

    /** Has something go wrong for a while, and waits until it is right again. */
    void suffers(Fault fault, Random random) throws InterruptedException {
        int index = random.nextInt(SIZE);
        long millis = 500L + random.nextInt(2_000);
        switch (fault) {
            case SERVER_KILLED -> {
                servers.kill(index);
                Thread.sleep(millis);
                servers.restart(index);
            }
            case SERVER_FROZEN -> {
                servers.freeze(index);
                Thread.sleep(millis);
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
                Thread.sleep(millis);
            }
            case LINK_SILENT -> {
                links.get(index).forEach(link -> {
                    link.up().fallsSilent();
                    link.down().fallsSilent();
                });
                Thread.sleep(millis);
            }
            case LINK_HALF_OPEN -> {
                links.get(index).forEach(link -> link.up().fallsSilent());
                Thread.sleep(millis);
            }
        }
        links.get(index).forEach(Network::heals);
    }

    private void starts(int index) {
        NodeProcess again = NodeProcess.start(ports.get(index), urls(index));
        nodes.set(index, again);
        awaitReady(again);
    }

    @Override
    public void close() {
        nodes.forEach(NodeProcess::close);
        links.forEach(each -> each.forEach(Network::close));
        servers.close();
    }
}
