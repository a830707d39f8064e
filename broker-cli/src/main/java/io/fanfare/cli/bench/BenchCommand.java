package io.fanfare.cli.bench;

import io.fanfare.cli.options.AckMode;
import io.fanfare.cli.options.BytesConverter;
import io.fanfare.cli.options.ClientOptions;
import io.fanfare.cli.options.DurationConverter;
import io.fanfare.cli.options.OutputOptions;
import io.fanfare.cli.options.TrustOptions;
import io.fanfare.cli.output.Colours;
import io.fanfare.cli.output.Progress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fanfare bench}: puts a load on a broker and reports throughput and latency. */
@Command(
        name = "bench",
        description = {
            "Puts a load on a broker and reports its throughput and latency.",
            "Latency runs from the time at which a message was due until it is read: a message that is sent late is"
                    + " late."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class BenchCommand implements Callable<Integer> {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int MAX_ROUNDS = 100;

    @Option(
            names = "--pubs",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of publishers, a connection each (default: ${DEFAULT-VALUE}).")
    private int publishers;

    @Option(
            names = "--subs",
            paramLabel = "N",
            defaultValue = "10",
            description = "Number of subscribers, a connection each (default: ${DEFAULT-VALUE}).")
    private int subscribers;

    @Option(
            names = "--topics",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of topics: publishers send to all in turn, each subscriber subscribes to one"
                    + " (default: ${DEFAULT-VALUE}).")
    private int topics;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "128",
            converter = BytesConverter.class,
            description = "Size of a body, 8 bytes to 1MiB, such as 128 or 1KiB (default: ${DEFAULT-VALUE}).")
    private long size;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = "Messages per second of all publishers together; 0: as many as the slowest subscriber takes"
                    + " (default: ${DEFAULT-VALUE}).")
    private long rate;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "Duration of the measurement, such as 500ms, 10s or 1m (default: ${DEFAULT-VALUE}).")
    private Duration duration = Duration.ZERO;

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            defaultValue = "2s",
            converter = DurationConverter.class,
            description = "Duration of the warm-up, whose messages do not count (default: ${DEFAULT-VALUE}).")
    private Duration warmUp = Duration.ZERO;

    @Option(
            names = "--ack",
            paramLabel = "MODE",
            defaultValue = "auto",
            description = "Ack mode of the subscribers: auto, client or client-individual (default: ${DEFAULT-VALUE}).")
    private AckMode ack = AckMode.AUTO;

    @Option(
            names = "--transport",
            paramLabel = "HOW",
            defaultValue = "websocket",
            description =
                    "How subscribers come: ${COMPLETION-CANDIDATES}; sse is GET /sse, mixed every second one by it"
                            + " (default: ${DEFAULT-VALUE}).")
    private SubscriberTransport transport = SubscriberTransport.WEBSOCKET;

    @Option(
            names = {"-d", "--destination"},
            paramLabel = "PREFIX",
            defaultValue = "/topic/bench",
            description = "Prefix of the topics' names; with /queue/NAME they are queues, and each message goes to one"
                    + " subscriber (default: ${DEFAULT-VALUE}).")
    private String destination = "";

    @Option(
            names = "--snapshot",
            paramLabel = "KEYS",
            description =
                    "Another load: so many last values are kept by a topic, and all subscribers come for them at once;"
                            + " measures when each has them.")
    private @Nullable Integer snapshot;

    @Option(
            names = "--resume",
            paramLabel = "N",
            description =
                    "Another load: the subscribers of a topic with history lose their connections, miss N messages, and"
                            + " come back at once with their cursors; measures when each has what it missed.")
    private @Nullable Integer resume;

    @Option(
            names = "--compare",
            paramLabel = "URL2",
            description =
                    "A second broker: both are measured in turn, with the same load and login, and the report has ratios with"
                            + " their spread.")
    private @Nullable URI compared;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "With --compare, number of measurements of each broker, 1 to 100 (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Mixin
    private TrustOptions trust = new TrustOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(names = "--json", description = "The same as --output json: one JSON object instead of a table.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        boolean forPrograms = json || output.isJson();
        if (snapshot != null || resume != null) {
            replay(forPrograms);
            return 0;
        }
        if (compared != null) {
            compare(workload(client.url()), workload(compared), forPrograms);
            return 0;
        }
        Report report = run(workload(client.url()), "bench", forPrograms);
        print(forPrograms ? report.json() + System.lineSeparator() : report.table());
        return 0;
    }

    private void print(String report) {
        spec.commandLine().getOut().print(report);
        spec.commandLine().getOut().flush();
    }

    /** Neither broker always goes first: what the machine does meanwhile, and what the first run leaves behind, meets both. */
    private void compare(Workload first, Workload second, boolean quietly) {
        if (rounds < 1 || rounds > MAX_ROUNDS) {
            throw new IllegalArgumentException("--rounds must be 1 to " + MAX_ROUNDS + ", not " + rounds);
        }
        List<Comparison.Round> all = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            String name = "round " + round + " of " + rounds;
            boolean isFirstsTurn = round % 2 == 1;
            Report one = run(isFirstsTurn ? first : second, name, quietly);
            Report other = run(isFirstsTurn ? second : first, name, quietly);
            all.add(isFirstsTurn ? new Comparison.Round(one, other) : new Comparison.Round(other, one));
        }
        Comparison comparison = new Comparison(all);
        print(quietly ? comparison.json() + System.lineSeparator() : comparison.text(Colours.of(spec)));
    }

    private void replay(boolean forPrograms) {
        if (compared != null) {
            throw new IllegalArgumentException("--compare is for the usual load, without --snapshot and --resume");
        }
        if (snapshot != null && resume != null) {
            throw new IllegalArgumentException("--snapshot and --resume are two loads: choose one");
        }
        int messages = snapshot == null ? Objects.requireNonNull(resume) : snapshot;
        if (messages < 1) {
            throw new IllegalArgumentException("--snapshot and --resume must be 1 or more, not " + messages);
        }
        ReplayLoad.Kind kind = snapshot == null ? ReplayLoad.Kind.RESUME : ReplayLoad.Kind.SNAPSHOT;
        try (ReplayLoad load = new ReplayLoad(workload(client.url()), kind, messages)) {
            ReplayLoad.ReplayReport report = load.run();
            print(forPrograms ? report.json() + System.lineSeparator() : report.table());
        }
    }

    private static Report run(Workload workload, String name, boolean quietly) {
        Duration whole = Duration.ofNanos(workload.traffic().end());
        try (Progress progress = quietly ? Progress.none() : Progress.ofTime(name, whole);
                LoadGenerator generator =
                        new LoadGenerator(workload, nanos -> progress.stepTo(nanos / NANOS_PER_MILLI))) {
            return generator.run();
        }
    }

    private Workload workload(URI url) {
        return new Workload(
                url,
                trust.context(),
                client.credentials(),
                destination,
                new Workload.Clients(publishers, subscribers, topics, transport),
                new Workload.Traffic(size, rate, warmUp, duration),
                ack);
    }
}
