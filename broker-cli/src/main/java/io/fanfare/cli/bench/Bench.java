package io.fanfare.cli.bench;

import io.fanfare.cli.Account;
import io.fanfare.cli.DurationConverter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fanfare bench}: loads a broker and says what it delivered, and how late. */
@Command(
        name = "bench",
        description = {
            "Loads a broker and says what it delivered, and how late.",
            "Latency runs from when a message was due until it was read, so that a message which was sent late is late."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Bench implements Callable<Integer> {

    @Option(
            names = "--pubs",
            paramLabel = "N",
            defaultValue = "1",
            description = "Publishers, a connection each (default: ${DEFAULT-VALUE}).")
    private int publishers;

    @Option(
            names = "--subs",
            paramLabel = "N",
            defaultValue = "10",
            description = "Subscribers, a connection each (default: ${DEFAULT-VALUE}).")
    private int subscribers;

    @Option(
            names = "--topics",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Topics: publishers send to all in turn, each subscriber takes one (default: ${DEFAULT-VALUE}).")
    private int topics;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "128",
            converter = BytesConverter.class,
            description = "Size of a body, such as 128 or 1KiB (default: ${DEFAULT-VALUE}).")
    private long size;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = "Messages a second, of all publishers together; 0: as many as the slowest subscriber takes"
                    + " (default: ${DEFAULT-VALUE}).")
    private long rate;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How long to measure, such as 500ms, 10s or 1m (default: ${DEFAULT-VALUE}).")
    private Duration duration = Duration.ZERO;

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            defaultValue = "2s",
            converter = DurationConverter.class,
            description = "How long messages flow before they count (default: ${DEFAULT-VALUE}).")
    private Duration warmUp = Duration.ZERO;

    @Option(
            names = "--ack",
            paramLabel = "MODE",
            defaultValue = "auto",
            description = "How subscribers acknowledge: auto, client or client-individual (default: ${DEFAULT-VALUE}).")
    private AckMode ack = AckMode.AUTO;

    @Option(
            names = {"-d", "--destination"},
            paramLabel = "PREFIX",
            defaultValue = "/topic/bench",
            description =
                    "What the topics' names begin with; with /queue/NAME they are queues, and each message goes to"
                            + " one subscriber (default: ${DEFAULT-VALUE}).")
    private String destination = "";

    @Mixin
    private Account account = new Account();

    @Option(names = "--json", description = "Prints one JSON object instead of a table.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Plan plan = plan();
        Report report = json || System.console() == null ? run(plan) : runWithProgress(plan);
        spec.commandLine().getOut().print(json ? report.json() + System.lineSeparator() : report.table());
        spec.commandLine().getOut().flush();
        return 0;
    }

    private Plan plan() {
        return new Plan(
                account.url(),
                account.credentials(),
                destination,
                new Plan.Crowd(publishers, subscribers, topics),
                new Plan.Flow(size, rate, warmUp, duration),
                ack);
    }

    private static Report run(Plan plan) {
        try (Load load = new Load(plan, time -> {})) {
            return load.run();
        }
    }

    private static Report runWithProgress(Plan plan) {
        try (Progress progress = new Progress(plan.flow().end());
                Load load = new Load(plan, progress)) {
            return load.run();
        }
    }
}
