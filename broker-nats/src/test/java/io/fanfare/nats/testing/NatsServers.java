package io.fanfare.nats.testing;

import io.fanfare.testing.Await;
import io.fanfare.testing.FreePorts;
import io.fanfare.testing.Needs;
import io.fanfare.testing.Program;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.api.ClusterInfo;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * NATS servers, processes on free ports of loopback: one, or several that are a cluster. Each keeps its ports and its store for
 * life, so that it comes back as the same server. A machine without {@code nats-server} skips the test.
 */
public final class NatsServers implements AutoCloseable {

    private final Path directory;
    private final List<Server> servers;

    private NatsServers(Path directory, List<Server> servers) {
        this.directory = directory;
        this.servers = servers;
    }

    /**
     * Where a server runs.
     *
     * @param host its address
     * @param prefix what starts a program there, in front of the program
     */
    public record Place(String host, List<String> prefix) {

        private static final Place LOOPBACK = new Place("127.0.0.1", List.of());
    }

    /** One server without JetStream. */
    public static NatsServers one(Path directory) {
        return start(directory, 1, false, "");
    }

    /** Three servers that are a cluster, without JetStream. */
    public static NatsServers three(Path directory) {
        return start(directory, 3, false, "");
    }

    /** Servers with JetStream, whose files are in the directory; returns when streams can be made. */
    public static NatsServers withJetStream(Path directory, int count) {
        return withJetStream(directory, Collections.nCopies(count, Place.LOOPBACK));
    }

    /** The same, each in a place of its own. */
    public static NatsServers withJetStream(Path directory, List<Place> places) {
        NatsServers started = start(directory, places, places.size(), true, "");
        try {
            started.awaitJetStream();
            Await.until("a stream at all servers", started::canPlace);
            return started;
        } catch (RuntimeException | Error e) {
            started.close();
            throw e;
        }
    }

    /** Servers with JetStream, of which the last one has never run yet: {@link #restart} starts it. Returns when clients can connect. */
    public static NatsServers withJetStreamButTheLast(Path directory, int count) {
        return start(directory, Collections.nCopies(count, Place.LOOPBACK), count - 1, true, "");
    }

    /**
     * Servers with further lines in their configuration.
     *
     * @param directory for configurations, and the files of JetStream
     */
    public static NatsServers start(Path directory, int count, boolean jetStream, String configuration) {
        return start(directory, Collections.nCopies(count, Place.LOOPBACK), count, jetStream, configuration);
    }

    private static NatsServers start(
            Path directory, List<Place> places, int running, boolean jetStream, String configuration) {
        Path program = Needs.natsServer();
        List<Integer> ports = FreePorts.next(places.size());
        List<String> routes = IntStream.range(0, places.size())
                .mapToObj(i -> places.get(i).host() + ":" + ports.get(i))
                .toList();
        List<Server> servers = new ArrayList<>();
        NatsServers all = new NatsServers(directory, servers);
        try {
            for (int i = 0; i < places.size(); i++) {
                Place place = places.get(i);
                int port = FreePorts.next();
                String listen = place.host() + ":" + port;
                servers.add(new Server(
                        program, place, port, all.configuration(i, listen, routes, jetStream, configuration)));
            }
            servers.subList(0, running).forEach(Server::start);
            servers.subList(0, running).forEach(Server::awaitReady);
            return all;
        } catch (RuntimeException | Error e) {
            all.close();
            throw e;
        }
    }

    private Path configuration(int index, String listen, List<String> routes, boolean jetStream, String more) {
        StringBuilder text = new StringBuilder().append("listen: \"" + listen + "\"\nserver_name: n" + index + "\n");
        if (jetStream) {
            text.append("jetstream { store_dir: \"" + directory.resolve("n" + index)
                    + "\", max_mem: 64MB, max_file: 8GB }\n");
        }
        if (routes.size() > 1) {
            text.append("cluster { name: test, listen: \"" + routes.get(index) + "\", routes: [");
            text.append(routes.stream().map(each -> "\"nats://" + each + "\"").collect(Collectors.joining(", ")));
            text.append("] }\n");
        }
        try {
            return Files.writeString(directory.resolve("n" + index + ".conf"), text + more);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** URLs for clients, of the servers in their order. */
    public List<String> urls() {
        return IntStream.range(0, servers.size()).mapToObj(this::url).toList();
    }

    public String url(int index) {
        return "nats://" + servers.get(index).place.host() + ":" + port(index);
    }

    /** The port for clients. */
    public int port(int index) {
        return servers.get(index).port;
    }

    /** Where a server takes clients. */
    public InetSocketAddress address(int index) {
        return new InetSocketAddress(servers.get(index).place.host(), port(index));
    }

    /** Which server listens at this URL, such as the one that a connection says it has. */
    public int at(String url) {
        return IntStream.range(0, servers.size())
                .filter(each -> url.endsWith(":" + port(each)))
                .findFirst()
                .orElseThrow();
    }

    /** Which server leads a stream, the only one whose name begins so; asked at a server that is there. */
    public int leader(String stream, int by) throws IOException, JetStreamApiException, InterruptedException {
        try (Connection connection = Nats.connect(url(by))) {
            JetStreamManagement management = connection.jetStreamManagement();
            String name = management.getStreamNames().stream()
                    .filter(each -> each.startsWith(stream))
                    .findFirst()
                    .orElseThrow();
            String leader = management.getStreamInfo(name).getClusterInfo().getLeader();
            return Integer.parseInt(leader.substring(1));
        }
    }

    /** What a server has printed, in all of its lives. */
    public List<String> log(int index) {
        return servers.get(index).lives.stream()
                .flatMap(life -> life.out().stream())
                .toList();
    }

    /** Sends SIGKILL and waits for the end. */
    public void kill(int index) {
        servers.get(index).kill();
    }

    /** Sends SIGTERM and waits for the end. */
    public void stop(int index) {
        servers.get(index).stop();
    }

    /** Sends SIGSTOP: connections stay open, and nothing answers. */
    public void freeze(int index) {
        servers.get(index).signal("STOP");
    }

    /** Sends SIGCONT. */
    public void thaw(int index) {
        servers.get(index).signal("CONT");
    }

    /** Starts a server again that was killed or stopped; returns when clients can connect. */
    public void restart(int index) {
        servers.get(index).start();
        servers.get(index).awaitReady();
    }

    /** Returns when streams can be made and each server knows of all. */
    public void awaitJetStream() {
        urls().forEach(url -> Await.until(
                "JetStream at " + url,
                () -> JetStreamQuestion.holds(List.of(url), management -> management.getAccountStatistics() != null)));
    }

    /** Whether the one that places streams knows of all servers. */
    private boolean canPlace() {
        return JetStreamQuestion.holds(urls(), management -> {
            management.addStream(StreamConfiguration.builder()
                    .name("first")
                    .subjects("first")
                    .storageType(StorageType.Memory)
                    .replicas(servers.size())
                    .build());
            return management.deleteStream("first");
        });
    }

    /** Whether all servers of every stream and consumer are there and have what its leader has, as that says. */
    public boolean haveCaughtUp() {
        return JetStreamQuestion.holds(urls(), management -> {
            for (String stream : management.getStreamNames()) {
                if (!isWhole(management.getStreamInfo(stream).getClusterInfo())) {
                    return false;
                }
                for (ConsumerInfo consumer : management.getConsumers(stream)) {
                    if (!isWhole(consumer.getClusterInfo())) {
                        return false;
                    }
                }
            }
            return true;
        });
    }

    /** @param of null: one server alone has it */
    private static boolean isWhole(@Nullable ClusterInfo of) {
        return of == null
                || of.getReplicas() == null
                || of.getReplicas().stream().allMatch(replica -> replica.isCurrent() && !replica.isOffline());
    }

    @Override
    public void close() {
        servers.forEach(Server::kill);
    }

    /** One process after another, on the same port. */
    private static final class Server {

        private final Path program;
        private final Place place;
        private final int port;
        private final Path configuration;
        private final List<Program> lives = new ArrayList<>();
        private @Nullable Program process;

        Server(Path program, Place place, int port, Path configuration) {
            this.program = program;
            this.place = place;
            this.port = port;
            this.configuration = configuration;
        }

        void start() {
            List<String> command = new ArrayList<>(place.prefix());
            command.addAll(List.of(program.toString(), "-c", configuration.toString()));
            process = Program.start(command);
            lives.add(process);
        }

        void awaitReady() {
            Await.until("nats-server at " + port, () -> isListening() || !process.isAlive());
            if (!process.isAlive()) {
                throw new AssertionError("nats-server has ended: " + process);
            }
        }

        private boolean isListening() {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(place.host(), port));
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        void kill() {
            if (process != null) {
                process.close();
                process.exitCode();
            }
        }

        void stop() {
            process.terminate();
            process.exitCode();
        }

        void signal(String name) {
            Program.start(List.of("kill", "-" + name, String.valueOf(process.pid())))
                    .succeeds();
        }
    }
}
