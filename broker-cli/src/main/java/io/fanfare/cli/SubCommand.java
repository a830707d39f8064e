package io.fanfare.cli;

import io.fanfare.cli.options.DestinationOptions;
import io.fanfare.client.StompClient;
import io.fanfare.client.StompException;
import io.fanfare.frame.Frame;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fanfare sub}: prints the bodies of messages as they come, a line each. */
@Command(name = "sub", description = "Prints messages as they come.", mixinStandardHelpOptions = true)
final class SubCommand implements Callable<Integer> {

    @Option(
            names = {"-n", "--count"},
            paramLabel = "COUNT",
            defaultValue = "0",
            description = "Number of messages after which it ends; 0: never (default: ${DEFAULT-VALUE}).")
    private int count;

    @Mixin
    private DestinationOptions options = new DestinationOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (count < 0) {
            throw new IllegalArgumentException("--count must be 0 or more, not " + count);
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        CompletableFuture<Integer> end = new CompletableFuture<>();
        AtomicInteger seen = new AtomicInteger();
        StompClient.Builder connection = options.client().onError(error -> fail(end, error));
        try (StompClient client = connection.connect()) {
            client.subscribe(options.destination(), message -> {
                        print(message, out);
                        if (seen.incrementAndGet() == count) {
                            end.complete(0);
                        }
                    })
                    .confirmed()
                    .thenRun(() -> {
                        err.println("subscribed to " + options.destination());
                        err.flush();
                    });
            return end.join();
        }
    }

    private static void print(Frame message, PrintWriter out) {
        out.println(message.bodyAsString());
        out.flush();
    }

    private static void fail(CompletableFuture<Integer> end, StompException error) {
        end.completeExceptionally(error);
    }
}
