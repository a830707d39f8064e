package io.fanfare.cli.bench;

import io.fanfare.cli.options.AckMode;
import io.fanfare.cli.options.ClientOptions;
import io.fanfare.cli.options.DurationConverter;
import io.fanfare.cli.options.OutputOptions;
import io.fanfare.cli.options.TrustOptions;
import io.fanfare.cli.output.Progress;
import java.time.Duration;
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
        Report report = run(workload(), forPrograms);
        spec.commandLine().getOut().print(forPrograms ? report.json() + System.lineSeparator() : report.table());
        spec.commandLine().getOut().flush();
        return 0;
    }

    private void replay(boolean forPrograms) {
        if (snapshot != null && resume != null) {
            throw new IllegalArgumentException("--snapshot and --resume are two loads: choose one");
        }
        int messages = snapshot == null ? Objects.requireNonNull(resume) : snapshot;
        if (messages < 1) {
            throw new IllegalArgumentException("--snapshot and --resume must be 1 or more, not " + messages);
        }
        ReplayLoad.Kind kind = snapshot == null ? ReplayLoad.Kind.RESUME : ReplayLoad.Kind.SNAPSHOT;
        try (ReplayLoad load = new ReplayLoad(workload(), kind, messages)) {
            ReplayLoad.ReplayReport report = load.run();
            spec.commandLine().getOut().print(forPrograms ? report.json() + System.lineSeparator() : report.table());
            spec.commandLine().getOut().flush();
        }
    }

    private static Report run(Workload workload, boolean quietly) {
        Duration whole = Duration.ofNanos(workload.traffic().end());
        try (Progress progress = quietly ? Progress.none() : Progress.ofTime("bench", whole);
                LoadGenerator generator =
                        new LoadGenerator(workload, nanos -> progress.stepTo(nanos / NANOS_PER_MILLI))) {
            return generator.run();
        }
    }

    private Workload workload() {
        return new Workload(
                client.url(),
                trust.context(),
                client.credentials(),
                destination,
                new Workload.Clients(publishers, subscribers, topics, transport),
                new Workload.Traffic(size, rate, warmUp, duration),
                ack);
    }
}
