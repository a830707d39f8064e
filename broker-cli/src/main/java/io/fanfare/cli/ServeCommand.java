package io.fanfare.cli;

import io.fanfare.admin.AdminApi;
import io.fanfare.cli.config.Configuration;
import io.fanfare.cli.config.Configuration.LogFormat;
import io.fanfare.cli.config.Reload;
import io.fanfare.cli.logging.ProcessLog;
import io.fanfare.cli.output.Terminal;
import io.fanfare.security.Authenticator;
import io.fanfare.server.FanfareServer;
import io.fanfare.server.FanfareServerBuilder;
import io.fanfare.server.ServerOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;

/** {@code fanfare serve}: runs a broker until a signal ends it. */
final class ServeCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    private final ServiceManager serviceManager = ServiceManager.of(System.getenv());

    /** Watches the configuration file; null without one. */
    private @Nullable Reload reload;

    private final CommandSpec spec = ServeOptions.describe(this);

    private ServeCommand() {}

    /** The command with its options. */
    static CommandSpec create() {
        return new ServeCommand().spec;
    }

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
        boolean toPerson = Terminal.OUT.isTerminal();
        if (!toPerson) {
            // a service's clients may be many; a person who tries it out has few
            OpenFiles.tooFewFor(server.options().limits().maxConnections()).ifPresent(LOG::warn);
        }
        announce(server, spec.commandLine().getOut(), toPerson);
        serviceManager.ready(readyLine(server));
        String refusal = refusal(server);
        stop(server);
        // as a start that they refuse
        throw new UncheckedIOException(refusal, new IOException(refusal));
    }

    /** Waits until the other nodes of a cluster refuse this one, which a node without others need not fear. */
    private static String refusal(FanfareServer server) throws InterruptedException {
        try {
            return server.broker()
                    .inspection()
                    .refusalByNodes()
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The server with its configuration: flags override the environment, which overrides the file and the defaults. */
    private FanfareServerBuilder configured() {
        ServeOptions flags = new ServeOptions(spec.commandLine().getParseResult());
        Configuration configuration = new Configuration();
        Path config = flags.config();
        if (config != null) {
            configuration.readFile(config);
        }
        configuration.readEnvironment(System.getenv());
        configuration.refuseMistakes();
        if (config != null) {
            // before the flags, which are not in the file
            reload = new Reload(config, System.getenv(), configuration);
        }
        List<String> nats = flags.nats();
        if (nats != null) {
            configuration.readFlag("--nats", "cluster.nats", String.join(",", nats));
        }
        FanfareServerBuilder server = configuration.server();
        flags.set(server);
        ProcessLog log = new ProcessLog();
        if (configuration.logFormat() == LogFormat.JSON) {
            log.writeJson();
        }
        return server.http(
                new AdminApi().withConfiguration(configuration::values).withLogLevels(log));
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
