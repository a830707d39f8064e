package io.fanfare.cli.client;

import io.fanfare.cli.options.DestinationOptions;
import io.fanfare.cli.options.DurationConverter;
import io.fanfare.cli.options.HeaderLine;
import io.fanfare.cli.options.OutputOptions;
import io.fanfare.cli.output.Progress;
import io.fanfare.client.StompClient;
import io.fanfare.frame.Headers;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fanfare pub}: sends messages and waits for their RECEIPTs. */
@Command(
        name = "pub",
        description = {
            "Sends messages, and ends when the broker has them all.",
            "Each MESSAGE is a body; - stands for standard input as a whole."
        },
        mixinStandardHelpOptions = true)
public final class PubCommand implements Callable<Integer> {

    /** Of all runs with ids, so that one knows the repeats of another. */
    private static final String CLIENT_ID = "fanfare-pub";

    private static final Set<String> DEDUP_HEADERS = Set.of("dedup-id", "_AMQ_DUPL_ID");

    @Parameters(
            paramLabel = "[URL] DEST [MESSAGE...]",
            hideParamSyntax = true,
            arity = "0..*",
            description = "Broker, destination and bodies, such as /topic/hello Hello.")
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = {"-m", "--message"},
            paramLabel = "TEXT",
            description = "Body of a message, the same as an argument; may be given several times.")
    private List<String> messages = new ArrayList<>();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "File whose content is the body of one message; with --lines, of a message for each line.")
    private @Nullable Path file;

    @Option(names = "--lines", description = "Sends each line of standard input, or of --file, as a message.")
    private boolean lines;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            defaultValue = "1",
            description = "How often each message is sent (default: ${DEFAULT-VALUE}).")
    private long count;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = "Messages per second; 0: as many as the broker takes (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--json",
            description = "Sends nothing that is no JSON, and adds content-type:application/json where --header gives"
                    + " none.")
    private boolean json;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "NAME:VALUE",
            converter = HeaderLine.Converter.class,
            description = "Further header of each SEND, also NAME=VALUE; may be given several times.")
    private List<HeaderLine> headers = new ArrayList<>();

    @Option(
            names = "--dedup-id",
            paramLabel = "ID",
            description = "Header dedup-id, by which the broker knows a repeat: the same command again delivers nothing"
                    + " twice. Of several messages (--count, --lines), the ids are ID-1, ID-2 and so on.")
    private @Nullable String dedupId;

    @Option(
            names = "--receipt",
            description =
                    "Reports what the RECEIPTs say: how many subscriptions and queues matched, how many deliveries"
                            + " were made, how many messages were queued or dropped.")
    private boolean receipt;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "How long to wait for a RECEIPT (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ZERO;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Mixin
    private DestinationOptions broker = new DestinationOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        List<String> bodies = new ArrayList<>(messages);
        bodies.addAll(broker.take(arguments));
        if (count < 1) {
            throw new IllegalArgumentException("--count must be 1 or more, not " + count);
        }
        checkDedupId();
        if (rate < 0) {
            throw new IllegalArgumentException("--rate must be 0 or more, not " + rate);
        }
        Outcomes outcomes;
        try (BodySource source = source(bodies)) {
            outcomes = publish(source);
        }
        if (receipt) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(output.isJson() ? outcomes.json() : outcomes.text());
            out.flush();
        }
        return 0;
    }

    private void checkDedupId() {
        if (dedupId == null) {
            return;
        }
        if (dedupId.isEmpty()) {
            throw new IllegalArgumentException("--dedup-id must not be empty");
        }
        if (headers.stream().anyMatch(each -> DEDUP_HEADERS.contains(each.name()))) {
            throw new IllegalArgumentException("--dedup-id and --header dedup-id exclude each other");
        }
    }

    private BodySource source(List<String> bodies) {
        boolean fromFile = file != null || lines;
        if (fromFile && lines && bodies.equals(List.of("-"))) {
            return BodySource.lines(file);
        }
        if (fromFile == bodies.isEmpty()) {
            if (fromFile) {
                return lines ? BodySource.lines(file) : BodySource.whole(file);
            }
            return bodies.equals(List.of("-")) ? BodySource.whole(null) : BodySource.of(bodies);
        }
        throw new IllegalArgumentException(
                fromFile
                        ? "messages come from arguments or from --file and --lines, not from both"
                        : "there is nothing to send: give messages as arguments, or --file, --lines or -");
    }

    private Outcomes publish(BodySource source) throws InterruptedException {
        long all = source.size() < 0 ? -1 : source.size() * count;
        try (StompClient client = client().connect();
                Progress progress = all == 1 ? Progress.none() : Progress.ofSteps("pub", all)) {
            Headers common = sendHeaders();
            Publisher publisher = new Publisher(client, broker.destination(), rate, timeout);
            byte[] body = source.next();
            for (long number = 1; body != null; number++) {
                if (json) {
                    JsonCheck.check(body, number);
                }
                for (long i = 0; i < count; i++) {
                    publisher.send(numbered(common, all == 1, publisher.sent() + 1), body);
                    progress.stepTo(publisher.sent());
                }
                body = source.next();
            }
            return publisher.finish();
        }
    }

    private StompClient.Builder client() {
        StompClient.Builder client = broker.client();
        // without a login, ids would be this connection's alone
        return dedupId == null ? client : client.header("client-id", CLIENT_ID);
    }

    /** The headers of the message with this number; the id of one message alone is what was given. */
    private Headers numbered(Headers common, boolean isAlone, long number) {
        String id = dedupId;
        return id == null ? common : common.with(Headers.of("dedup-id", isAlone ? id : id + "-" + number));
    }

    private Headers sendHeaders() {
        Headers.Builder all = Headers.builder();
        headers.forEach(each -> all.add(each.name(), each.value()));
        boolean hasType = headers.stream().anyMatch(each -> each.name().equals("content-type"));
        return json && !hasType ? all.add("content-type", "application/json").build() : all.build();
    }
}
