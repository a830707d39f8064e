package io.fanfare.cli.client;

import io.fanfare.cli.options.AckMode;
import io.fanfare.cli.options.DestinationOptions;
import io.fanfare.cli.options.DurationConverter;
import io.fanfare.cli.options.HeaderLine;
import io.fanfare.cli.output.CommandException;
import io.fanfare.cli.output.ExitCode;
import io.fanfare.cli.output.Harmless;
import io.fanfare.cli.output.Quantity;
import io.fanfare.cli.output.Terminal;
import io.fanfare.client.StompClient;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fanfare sub}: prints messages as they come, a line each. */
@Command(
        name = "sub",
        description = "Prints messages as they come: their bodies, a line each.",
        mixinStandardHelpOptions = true)
public final class SubCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "[URL] DEST",
            hideParamSyntax = true,
            arity = "0..2",
            description = "Broker and destination, such as /topic/hello.")
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = {"-n", "--count"},
            paramLabel = "COUNT",
            defaultValue = "0",
            description = "Number of messages after which it ends; 0: never (default: ${DEFAULT-VALUE}).")
    private long count;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Time after which it ends, such as 10s: with exit code 5 if fewer than --count messages, or"
                    + " without --count none, have come.")
    private @Nullable Duration wait;

    @Option(
            names = "--ack",
            paramLabel = "MODE",
            defaultValue = "auto",
            description = "Ack mode: auto, client or client-individual; a message is acknowledged when it has been"
                    + " printed (default: ${DEFAULT-VALUE}).")
    private AckMode ack = AckMode.AUTO;

    @Option(names = "--selector", paramLabel = "SQL", description = "Selector: a condition over headers.")
    private @Nullable String selector;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "NAME:VALUE",
            converter = HeaderLine.Converter.class,
            description = "Further header of the SUBSCRIBE, also NAME=VALUE; may be given several times.")
    private List<HeaderLine> headers = new ArrayList<>();

    @Option(
            names = "--format",
            paramLabel = "TEMPLATE",
            description =
                    "Form of a line: {body}, and {NAME} for a header, such as '{destination} {body}'; \\n, \\t and"
                            + " {{ are a line end, a tab and a brace.")
    private @Nullable String format;

    @Option(names = "--json", description = "Prints a JSON object for each message: destination, headers and body.")
    private boolean json;

    @Mixin
    private DestinationOptions broker = new DestinationOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final CompletableFuture<ExitCode> end = new CompletableFuture<>();
    private final AtomicLong seen = new AtomicLong();

    @Override
    public Integer call() throws InterruptedException {
        List<String> rest = broker.take(arguments);
        if (!rest.isEmpty()) {
            throw new IllegalArgumentException("one destination, not " + rest.get(0) + " too; a composite one is A,B");
        }
        if (count < 0) {
            throw new IllegalArgumentException("--count must be 0 or more, not " + count);
        }
        if (json && format != null) {
            throw new IllegalArgumentException("--format and --json exclude each other");
        }
        Function<Frame, String> form = form();
        PrintWriter err = spec.commandLine().getErr();
        try (StompClient client =
                broker.client().onError(end::completeExceptionally).connect()) {
            client.subscribe(broker.destination(), subscribeHeaders(), message -> print(message, form, client))
                    .confirmed()
                    .whenComplete((receipt, failure) -> {
                        if (failure == null) {
                            err.println("subscribed to " + broker.destination());
                            err.flush();
                        } else {
                            end.completeExceptionally(failure);
                        }
                    });
            return awaitEnd().code();
        }
    }

    private Function<Frame, String> form() {
        if (json) {
            return MessageForms::json;
        }
        Function<Frame, String> lines = format == null ? Frame::bodyAsString : MessageForms.template(format);
        // a message must not take over the terminal of its reader
        return Terminal.OUT.isTerminal() ? message -> Harmless.text(lines.apply(message)) : lines;
    }

    private Headers subscribeHeaders() {
        Headers.Builder all = Headers.builder();
        if (ack != AckMode.AUTO) {
            all.add("ack", ack.toString());
        }
        all.addIfPresent("selector", selector);
        headers.forEach(each -> all.add(each.name(), each.value()));
        return all.build();
    }

    private void print(Frame message, Function<Frame, String> form, StompClient client) {
        if (end.isDone()) {
            return;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(form.apply(message));
        if (out.checkError()) {
            // the reader of a pipe has gone
            end.complete(ExitCode.OK);
            return;
        }
        if (ack != AckMode.AUTO) {
            client.ack(message);
        }
        if (seen.incrementAndGet() == count) {
            end.complete(ExitCode.OK);
        }
    }

    private ExitCode awaitEnd() throws InterruptedException {
        Duration most = wait;
        if (most == null) {
            return end.join();
        }
        try {
            return end.get(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            return end.join();
        } catch (TimeoutException e) {
            long came = seen.get();
            // after this, nothing is printed any more
            end.complete(ExitCode.OK);
            if (count == 0 && came > 0) {
                return ExitCode.OK;
            }
            String wanted = count == 0 ? "no message came" : came + " of " + count + " messages came";
            throw new CommandException(
                    ExitCode.TIMED_OUT, wanted + " within " + Quantity.millis(most.toMillis()), "a longer --wait");
        }
    }
}
