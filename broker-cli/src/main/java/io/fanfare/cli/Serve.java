package io.fanfare.cli;

import io.fanfare.server.AdminAccess;
import io.fanfare.server.FanfareServer;
import io.fanfare.server.OriginPolicy;
import io.fanfare.server.ServerOptions;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fanfare serve}: runs a broker until it is told to stop. */
@Command(name = "serve", description = "Runs a broker.", mixinStandardHelpOptions = true)
final class Serve implements Callable<Integer> {

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to bind to (default: ${DEFAULT-VALUE}).")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "" + ServerOptions.DEFAULT_PORT,
            description = "WebSocket port; 0 takes a free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--path",
            paramLabel = "PATH",
            defaultValue = ServerOptions.DEFAULT_PATH,
            description = "Path of the WebSocket endpoint (default: ${DEFAULT-VALUE}).")
    private String path = "";

    @Option(
            names = "--stomp-port",
            paramLabel = "PORT",
            defaultValue = "" + ServerOptions.DEFAULT_TCP_PORT,
            description = "Port of plain STOMP over TCP; 0 takes a free one, -1 switches it off"
                    + " (default: ${DEFAULT-VALUE}).")
    private int stompPort;

    @Option(
            names = "--origin",
            paramLabel = "ORIGIN",
            split = ",",
            defaultValue = "same-origin",
            description = "Web pages that may connect: origins such as https://app.example.com, same-origin (pages"
                    + " from this host, any port) or * (default: ${DEFAULT-VALUE}).")
    private List<String> origins = List.of();

    @Option(
            names = "--admin-host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address the admin listener binds to (default: ${DEFAULT-VALUE}).")
    private String adminHost = "";

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            defaultValue = "" + ServerOptions.DEFAULT_ADMIN_PORT,
            description = "Port of the admin listener with its health checks; 0 takes a free one, -1 switches it off"
                    + " (default: ${DEFAULT-VALUE}).")
    private int adminPort;

    @Option(
            names = "--admin-access",
            paramLabel = "FROM",
            defaultValue = "loopback",
            description = "From where the admin listener may be reached, which has no login: loopback or anywhere"
                    + " (default: ${DEFAULT-VALUE}).")
    private AdminAccess adminAccess = AdminAccess.LOOPBACK;

    @Option(
            names = "--drain-timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How long SIGTERM spreads its goodbyes to the clients (default: ${DEFAULT-VALUE}).")
    private Duration drainTimeout = Duration.ZERO;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        AtomicReference<@Nullable FanfareServer> running = new AtomicReference<>();
        // before the start: a signal may come in the middle of it
        Termination.by(() -> stop(running.get()));
        FanfareServer server = FanfareServer.builder()
                .host(host)
                .port(port)
                .path(path)
                .tcpPort(stompPort)
                .origins(new OriginPolicy(origins))
                .adminHost(adminHost)
                .adminPort(adminPort)
                .adminAccess(adminAccess)
                .drainTimeout(drainTimeout)
                .start();
        running.set(server);
        announce(server, spec.commandLine().getOut());
        new CountDownLatch(1).await();
        return 0;
    }

    private static void stop(@Nullable FanfareServer server) {
        if (server != null) {
            server.close();
        }
    }

    private static void announce(FanfareServer server, PrintWriter out) {
        String tcp =
                server.tcpPort() == ServerOptions.OFF ? "off" : server.options().host() + ":" + server.tcpPort();
        String admin = server.adminUri().map(URI::toString).orElse("off");
        out.println("STOMP over WebSocket  " + server.webSocketUri());
        out.println("STOMP over TCP        " + tcp);
        out.println("health checks         " + admin);
        out.println("Messages are kept in memory: what is queued is lost when this process ends.");
        out.println("ready ws=" + server.webSocketUri() + " tcp=" + tcp + " admin=" + admin);
        out.flush();
    }
}
