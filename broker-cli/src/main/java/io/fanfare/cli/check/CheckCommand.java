package io.fanfare.cli.check;

import io.fanfare.cli.options.DurationConverter;
import io.fanfare.cli.options.LoginOptions;
import io.fanfare.cli.options.OutputOptions;
import io.fanfare.cli.options.TrustOptions;
import io.fanfare.cli.output.Colours;
import io.fanfare.cli.output.CommandException;
import io.fanfare.cli.output.ExitCode;
import io.fanfare.cli.output.Progress;
import io.fanfare.cli.output.TlsFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fanfare check}: checks how a STOMP broker conforms to the specifications, from outside. */
@Command(
        name = "check",
        description = {
            "Checks how a STOMP broker conforms to the specifications, over WebSocket or TCP.",
            "Each item of the table is a duty of docs/conformance.md: pass; fail; lenient: the broker takes what it may"
                    + " refuse, or refuses in a softer way; skipped. Exit code 1 when an item fails.",
            "The check subscribes and sends to destinations of its own, whose names begin with fanfare-check-, and"
                    + " breaks connections of its own: nothing for a broker in production. With --passcode"
                    + " it tries a wrong one, too."
        },
        mixinStandardHelpOptions = true)
public final class CheckCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "URL",
            description = "The broker: ws://HOST/PATH, wss://HOST/PATH, tcp://HOST:PORT, or tls://HOST:PORT.")
    private URI url = URI.create("ws://127.0.0.1");

    @Mixin
    private LoginOptions user = new LoginOptions();

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description = "Header host of CONNECT, a virtual host with some brokers (default: the URL's host).")
    private @Nullable String host;

    @Option(
            names = "--topic",
            paramLabel = "PREFIX",
            defaultValue = "/topic/",
            description = "Prefix of topics (default: ${DEFAULT-VALUE}).")
    private String topics = "";

    @Option(
            names = "--queue",
            paramLabel = "PREFIX",
            defaultValue = "/queue/",
            description = "Prefix of queues (default: ${DEFAULT-VALUE}).")
    private String queues = "";

    @Option(
            names = "--only",
            paramLabel = "ITEM",
            split = ",",
            description = "Items to check, such as 36,40 (default: all).")
    private @Nullable Set<Integer> only;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "3s",
            converter = DurationConverter.class,
            description = "How long to wait for any one answer (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ZERO;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(names = "--json", description = "The same as --output json: one JSON object instead of a table.")
    private boolean json;

    @Mixin
    private TrustOptions trust = new TrustOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        List<Check> checks = checks();
        String name = host != null ? host : String.valueOf(url.getHost());
        Target target = new Target(
                url,
                trust.context(),
                user.login().orElse(null),
                user.passcode().orElse(null),
                name,
                topics,
                queues,
                timeout);
        reach(target);
        String server = greet(target);
        CheckResults results;
        try (Progress progress = Progress.ofSteps("check", checks.size())) {
            results = CheckResults.run(target, server, checks, progress::stepTo);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(json || output.isJson() ? results.json() + System.lineSeparator() : results.text(Colours.of(spec)));
        out.flush();
        return (results.isConforming() ? ExitCode.OK : ExitCode.FAILED).code();
    }

    private List<Check> checks() {
        if (only == null) {
            return Checks.ALL;
        }
        Set<Integer> unknown = new HashSet<>(only);
        Checks.ALL.forEach(check -> unknown.remove(check.item()));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "no check has the number " + unknown.iterator().next());
        }
        Set<Integer> wanted = only;
        return Checks.ALL.stream()
                .filter(check -> wanted.contains(check.item()))
                .toList();
    }

    /** Opens a connection, so that a broker that can't be reached is one error and not a table of failures. */
    private static void reach(Target target) {
        try {
            TcpLine.open(target).close();
        } catch (SSLException e) {
            throw new CommandException(
                    ExitCode.UNREACHABLE,
                    TlsFailure.sentence(target.url(), e),
                    "--tls-ca FILE with the certificate's authority");
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.UNREACHABLE,
                    "no connection to " + target.url() + ": " + e.getMessage(),
                    "fanfare check URL of a broker that runs");
        }
    }

    /** Connects once, so that a broker that lets no client in is one error, too; returns what it calls itself. */
    private static String greet(Target target) {
        try (Trial trial = new Trial(target, 0)) {
            Reply reply = trial.open()
                    .send(trial.connectFrame("accept-version:1.0,1.1,1.2\n"))
                    .nextOrNothing();
            if (reply == null) {
                throw new CommandException(
                        ExitCode.TIMED_OUT, target.url() + " does not answer CONNECT", "a longer --timeout");
            }
            if (!reply.command().equals("CONNECTED")) {
                throw new CommandException(
                        ExitCode.REFUSED,
                        target.url() + " lets no client in: " + reply.summary(),
                        "--login USER and --passcode WORD, or --host NAME");
            }
            return reply.raw("server").orElse("");
        } catch (Finding noWebSocket) {
            throw new CommandException(ExitCode.UNREACHABLE, noWebSocket.note(), "fanfare check URL with another path");
        }
    }
}
