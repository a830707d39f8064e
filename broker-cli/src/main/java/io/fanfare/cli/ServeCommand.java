package io.fanfare.cli;

import io.fanfare.admin.AdminApi;
import io.fanfare.cli.config.Configuration;
import io.fanfare.cli.config.Configuration.LogFormat;
import io.fanfare.cli.config.Reload;
import io.fanfare.cli.logging.ProcessLog;
import io.fanfare.cli.options.DurationConverter;
import io.fanfare.cli.output.Terminal;
import io.fanfare.security.Authenticator;
import io.fanfare.security.OriginPolicy;
import io.fanfare.server.AdminOptions;
import io.fanfare.server.FanfareServer;
import io.fanfare.server.FanfareServerBuilder;
import io.fanfare.server.ServerOptions;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fanfare serve}: runs a broker until a signal ends it. */
@Command(name = "serve", description = "Runs a broker.", mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Configuration file; 'fanfare config default' prints one with every key.")
    private @Nullable Path config;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "Address to bind to (default: 127.0.0.1).")
    private @Nullable String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "WebSocket port; 0 takes a free one (default: " + ServerOptions.DEFAULT_PORT + ").")
    private @Nullable Integer port;

    @Option(
            names = "--path",
            paramLabel = "PATH",
            description = "Path of the WebSocket endpoint (default: " + ServerOptions.DEFAULT_PATH + ").")
    private @Nullable String path;

    @Option(
            names = "--stomp-port",
            paramLabel = "PORT",
            description = "Port of plain STOMP over TCP; 0 takes a free one, -1 switches it off (default: "
                    + ServerOptions.DEFAULT_TCP_PORT + ").")
    private @Nullable Integer stompPort;

    @Option(
            names = "--origin",
            paramLabel = "ORIGIN",
            split = ",",
            description = "Origins of web pages that may connect, such as https://app.example.com; same-origin (pages"
                    + " from this host, any port) or * (default: same-origin).")
    private @Nullable List<String> origins;

    @Option(
            names = "--admin-host",
            paramLabel = "ADDRESS",
            description = "Address of the admin listener (default: 127.0.0.1).")
    private @Nullable String adminHost;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            description =
                    "HTTP port of the admin listener with the console, the API and the health checks; 0 takes a free one, -1 switches it off"
                            + " (default: " + ServerOptions.DEFAULT_ADMIN_PORT + ").")
    private @Nullable Integer adminPort;

    @Option(
            names = "--nats",
            paramLabel = "URL",
            split = ",",
            description = "NATS servers, such as nats://127.0.0.1:4222, that join this node to others (default: none).")
    private @Nullable List<String> nats;

    @Option(
            names = "--drain-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Time over which shutdown spreads the closing of its connections (default: 10s).")
    private @Nullable Duration drainTimeout;

    @ArgGroup(exclusive = false)
    private @Nullable Certificate certificate;

    /** The TLS certificate and its key; one without the other is refused. */
    private static final class Certificate {

        @Option(
                names = "--tls-cert",
                paramLabel = "FILE",
                required = true,
                description = "Certificate chain (PEM): serves wss and STOMP over TLS instead of ws and plain STOMP.")
        private Path chain = Path.of("");

        @Option(
                names = "--tls-key",
                paramLabel = "FILE",
                required = true,
                description = "Private key of the certificate (PEM, without a passphrase).")
        private Path key = Path.of("");
    }

    private final ServiceManager serviceManager = ServiceManager.of(System.getenv());

    /** Watches the configuration file; null without one. */
    private @Nullable Reload reload;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        AtomicReference<@Nullable FanfareServer> running = new AtomicReference<>();
        // before the start: a signal may come while the server starts
        Termination.by(() -> stop(running.get()));
        FanfareServer server = configured().start();
        running.set(server);
        if (reload != null) {
            reload.begin(server.broker());
        }
        announce(server, spec.commandLine().getOut(), Terminal.OUT.isTerminal());
        serviceManager.ready(readyLine(server));
        new CountDownLatch(1).await();
        return 0;
    }

    /** The server with its configuration: flags override the environment, which overrides the file and the defaults. */
    private FanfareServerBuilder configured() {
        Configuration configuration = new Configuration();
        if (config != null) {
            configuration.readFile(config);
        }
        configuration.readEnvironment(System.getenv());
        configuration.refuseMistakes();
        if (config != null) {
            // before the flags, which are not in the file
            reload = new Reload(config, System.getenv(), configuration);
        }
        if (nats != null) {
            configuration.readFlag("--nats", "cluster.nats", String.join(",", nats));
        }
        FanfareServerBuilder server = configuration.server();
        setFlags(server);
        ProcessLog log = new ProcessLog();
        if (configuration.logFormat() == LogFormat.JSON) {
            log.writeJson();
        }
        return server.http(
                new AdminApi().withConfiguration(configuration::values).withLogLevels(log));
    }

    private void setFlags(FanfareServerBuilder server) {
        if (host != null) {
            server.host(host);
        }
        if (port != null) {
            server.port(port);
        }
        if (path != null) {
            server.path(path);
        }
        if (stompPort != null) {
            server.tcpPort(stompPort);
        }
        if (origins != null) {
            server.origins(new OriginPolicy(origins));
        }
        server.admin(this::configureAdmin);
        Duration drain = drainTimeout;
        if (drain != null) {
            server.timeouts(timeouts -> timeouts.drainTimeout(drain));
        }
        if (certificate != null) {
            server.tls(
                    server.options().tls().withCertificates(certificate.chain).withKey(certificate.key));
        }
    }

    private void configureAdmin(AdminOptions.Builder admin) {
        if (adminHost != null) {
            admin.host(adminHost);
        }
        if (adminPort != null) {
            admin.port(adminPort);
        }
    }

    private void stop(@Nullable FanfareServer server) {
        if (server != null) {
            serviceManager.stopping();
            server.close();
        }
    }

    private static void announce(FanfareServer server, PrintWriter out, boolean toPerson) {
        out.println("STOMP over WebSocket  " + server.webSocketUri());
        out.println("STOMP over TCP        " + tcp(server));
        out.println("Console, API, health  " + admin(server));
        if (server.options().broker().backplane() == null) {
            out.println("Messages are kept in memory: what is queued is lost when this process ends.");
        }
        if (toPerson) {
            suggest(server, out);
        }
        out.println(readyLine(server));
        out.flush();
    }

    private static String readyLine(FanfareServer server) {
        return "ready ws=" + server.webSocketUri() + " tcp=" + tcp(server) + " admin=" + admin(server);
    }

    private static String tcp(FanfareServer server) {
        return server.tcpPort() == ServerOptions.OFF
                ? "off"
                : server.options().listen().host() + ":" + server.tcpPort();
    }

    private static String admin(FanfareServer server) {
        return server.adminUri().map(URI::toString).orElse("off");
    }

    /** Says what can be done next, in another terminal. */
    private static void suggest(FanfareServer server, PrintWriter out) {
        Path certificates = server.options().tls().certificates();
        String trust = certificates == null ? "" : " --tls-ca " + certificates;
        boolean open = server.options().broker().auth().authenticator() == Authenticator.ANONYMOUS;
        String login = open ? "" : " --login USER --passcode WORD";
        String broker = server.webSocketUri() + " /topic/hello";
        out.println();
        out.println("Try in two other terminals; Ctrl-C here stops the broker:");
        out.println("  fanfare sub " + broker + trust + login);
        out.println("  fanfare pub " + broker + " Hello" + trust + login);
        server.adminUri().ifPresent(uri -> out.println("The console shows what happens: " + uri + "/"));
        out.println();
    }
}
