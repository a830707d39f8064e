package io.fanfare.nats.numbers;

import io.fanfare.testing.Await;
import io.fanfare.testing.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Debian's RabbitMQ with its STOMP plugin, one node or several that know each other, on free ports of loopback; its
 * durable queues are files in the directory.
 */
final class Rabbit implements AutoCloseable {

    private static final Path PROGRAMS = Path.of("/usr/lib/rabbitmq/bin");
    private static final Path SERVER = PROGRAMS.resolve("rabbitmq-server");

    private final List<Server> servers = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();

    /** That of the first node; the port mapper is the same for all. */
    private final Map<String, String> environment;

    private static final class Server extends Program {

        Server(ProcessBuilder builder) {
            super(builder, false);
        }
    }

    private Rabbit(Path directory, int count) throws IOException {
        Path home = Files.createDirectories(directory.resolve("rabbit"));
        Path secret = Files.writeString(home.resolve(".erlang.cookie"), "numbers");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("r--------"));
        int mapper = freePort();
        String names = count == 1 ? "" : names(count);
        List<Map<String, String>> environments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ports.add(freePort());
            environments.add(environment(home, mapper, i, settings(ports.get(i), names)));
        }
        environment = environments.get(0);
        for (Map<String, String> each : environments) {
            ProcessBuilder builder = new ProcessBuilder(SERVER.toString()).redirectErrorStream(true);
            builder.environment().putAll(each);
            servers.add(new Server(builder));
        }
    }

    static boolean isInstalled() {
        return Files.isExecutable(SERVER);
    }

    /** Starts so many nodes; returns when clients can connect, and all nodes know each other. */
    static Rabbit start(Path directory, int count) throws IOException {
        Rabbit rabbit = new Rabbit(directory, count);
        for (int i = 0; i < count; i++) {
            int port = rabbit.ports.get(i);
            Server server = rabbit.servers.get(i);
            Await.until("RabbitMQ listens: " + server, () -> listens(port) || !server.isAlive());
        }
        Program.output(
                rabbit.environment,
                List.of(
                        PROGRAMS.resolve("rabbitmqctl").toString(),
                        "-n",
                        name(0),
                        "await_online_nodes",
                        String.valueOf(count)));
        return rabbit;
    }

    private static String name(int node) {
        return "numbers" + node + "@localhost";
    }

    private static String names(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "cluster_formation.classic_config.nodes." + (i + 1) + " = " + name(i))
                .collect(Collectors.joining(
                        "\n",
                        "cluster_formation.peer_discovery_backend = rabbit_peer_discovery_classic_config\n",
                        "\n"));
    }

    private static String settings(int port, String more) {
        return """
                listeners.tcp = none
                stomp.listeners.tcp.1 = 127.0.0.1:%d
                log.file = false
                log.console = true
                log.console.level = warning
                """.formatted(port) + more;
    }

    private static Map<String, String> environment(Path home, int mapper, int node, String settings)
            throws IOException {
        Path data = Files.createDirectories(home.resolve("node" + node));
        Path file = Files.writeString(data.resolve("rabbitmq.conf"), settings);
        Path plugins = Files.writeString(data.resolve("enabled_plugins"), "[rabbitmq_stomp].");
        return Map.ofEntries(
                // the secret is there by which nodes and programs know each other
                Map.entry("HOME", home.toString()),
                Map.entry("RABBITMQ_NODENAME", name(node)),
                Map.entry("RABBITMQ_CONFIG_FILE", file.toString()),
                Map.entry("RABBITMQ_CONF_ENV_FILE", "/dev/null"),
                Map.entry("RABBITMQ_MNESIA_BASE", data.resolve("mnesia").toString()),
                Map.entry("RABBITMQ_LOG_BASE", data.resolve("log").toString()),
                Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", plugins.toString()),
                Map.entry("RABBITMQ_PID_FILE", data.resolve("rabbit.pid").toString()),
                Map.entry("RABBITMQ_DIST_PORT", String.valueOf(freePort())),
                Map.entry("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}"),
                Map.entry("ERL_EPMD_PORT", String.valueOf(mapper)),
                Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                // so that it can be ended at once, with the server it knew
                Map.entry("ERL_EPMD_RELAXED_COMMAND_CHECK", "1"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Where STOMP clients connect to the first node, over TCP. */
    int port() {
        return ports.get(0);
    }

    @Override
    public void close() {
        servers.forEach(Program::close);
        // Erlang's port mapper is a daemon that outlives the server
        Program.output(environment, List.of("epmd", "-kill"));
    }
}
