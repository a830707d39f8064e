package io.fanfare.nats.numbers;

import io.fanfare.testing.Await;
import io.fanfare.testing.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Debian's RabbitMQ with its STOMP plugin, on free ports of loopback; its durable queues are files in the directory. */
final class Rabbit extends Program {

    private static final Path SERVER = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

    private final int port;
    private final Map<String, String> environment;

    private Rabbit(ProcessBuilder builder, int port) {
        super(builder, false);
        this.port = port;
        this.environment = Map.copyOf(builder.environment());
    }

    static boolean isInstalled() {
        return Files.isExecutable(SERVER);
    }

    /** Starts; returns when clients can connect. */
    static Rabbit start(Path directory) throws IOException {
        int port = freePort();
        Path data = Files.createDirectories(directory.resolve("rabbit"));
        Path settings = data.resolve("rabbitmq.conf");
        Files.writeString(settings, """
                listeners.tcp = none
                stomp.listeners.tcp.1 = 127.0.0.1:%d
                log.file = false
                log.console = true
                log.console.level = warning
                """.formatted(port));
        Files.writeString(data.resolve("enabled_plugins"), "[rabbitmq_stomp].");
        ProcessBuilder builder = new ProcessBuilder(SERVER.toString()).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.put("HOME", data.toString());
        environment.put("RABBITMQ_NODENAME", "numbers@localhost");
        environment.put("RABBITMQ_CONFIG_FILE", settings.toString());
        environment.put("RABBITMQ_CONF_ENV_FILE", "/dev/null");
        environment.put("RABBITMQ_MNESIA_BASE", data.resolve("mnesia").toString());
        environment.put("RABBITMQ_LOG_BASE", data.resolve("log").toString());
        environment.put(
                "RABBITMQ_ENABLED_PLUGINS_FILE", data.resolve("enabled_plugins").toString());
        environment.put("RABBITMQ_PID_FILE", data.resolve("rabbit.pid").toString());
        environment.put("RABBITMQ_DIST_PORT", String.valueOf(freePort()));
        environment.put("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}");
        environment.put("ERL_EPMD_PORT", String.valueOf(freePort()));
        environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
        // so that it can be ended at once, with the server it knew
        environment.put("ERL_EPMD_RELAXED_COMMAND_CHECK", "1");
        Rabbit rabbit = new Rabbit(builder, port);
        Await.until("RabbitMQ listens: " + rabbit, () -> listens(port) || !rabbit.isAlive());
        return rabbit;
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

    /** Where STOMP clients connect, over TCP. */
    int port() {
        return port;
    }

    @Override
    public void close() {
        super.close();
        // Erlang's port mapper is a daemon that outlives the server
        output(environment, List.of("epmd", "-kill"));
    }
}
