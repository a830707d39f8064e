package io.fanfare.cli;

import io.fanfare.server.FanfareServer;
import io.fanfare.server.OriginPolicy;
import io.fanfare.server.ServerOptions;
import io.fanfare.server.TlsOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
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

    @ArgGroup(exclusive = false)
    private @Nullable Certificate certificate;

    /** Both or neither. */
    private static final class Certificate {

        @Option(
                names = "--tls-cert",
                paramLabel = "FILE",
                required = true,
                description = "Certificate chain (PEM): serves wss and STOMP over TLS, no longer ws and plain STOMP.")
        private Path chain = Path.of("");

        @Option(
                names = "--tls-key",
                paramLabel = "FILE",
                required = true,
                description = "The certificate's private key (PEM, without a passphrase).")
        private Path key = Path.of("");
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        AtomicReference<@Nullable FanfareServer> running = new AtomicReference<>();
        // before the start: a signal may come in the middle of it
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(running.get()), "fanfare-shutdown"));
        FanfareServer.Builder builder = FanfareServer.builder()
                .host(host)
                .port(port)
                .path(path)
                .tcpPort(stompPort)
                .origins(new OriginPolicy(origins));
        if (certificate != null) {
            builder.tls(TlsOptions.of(certificate.chain, certificate.key));
        }
        FanfareServer server = builder.start();
        running.set(server);
        announce(server, spec.commandLine().getOut());
        new CountDownLatch(1).await();
        return 0;
    }

    /** SIGTERM and SIGINT: a JVM that ends by a signal would otherwise tell of it with its exit code. */
    private static void stop(@Nullable FanfareServer server) {
        if (server != null) {
            server.close();
            Runtime.getRuntime().halt(0);
        }
    }

    private static void announce(FanfareServer server, PrintWriter out) {
        String tcp =
                server.tcpPort() == ServerOptions.OFF ? "off" : server.options().host() + ":" + server.tcpPort();
        out.println("STOMP over WebSocket  " + server.webSocketUri());
        out.println("STOMP over TCP        " + tcp);
        out.println("Messages are kept in memory: what is queued is lost when this process ends.");
        out.println("ready ws=" + server.webSocketUri() + " tcp=" + tcp);
        out.flush();
    }
}
