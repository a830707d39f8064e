package io.fanfare.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfare.cli.options.DurationConverter;
import io.fanfare.cli.output.CommandException;
import io.fanfare.cli.output.ExitCode;
import io.fanfare.cli.output.Quantity;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fanfare drain}: has a broker send its clients away. */
@Command(
        name = "drain",
        description = {
            "Has a broker refuse new clients and messages, and close all clients one by one; there is no way back.",
            "The process goes on to run: serve ends by SIGTERM."
        })
public final class DrainCommand extends ApiCommand {

    private static final long POLL_MILLIS = 200;

    @Option(
            names = "--over",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "Time over which the closes are spread (default: ${DEFAULT-VALUE}).")
    private Duration over = Duration.ofSeconds(10);

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Waits until no client is left, at most this time, such as 30s; exit code 5 if some are.")
    private @Nullable Duration wait;

    @Mixin
    private Confirmation confirmation = new Confirmation();

    @Override
    void run(ApiClient client) throws InterruptedException {
        if (confirmation.asks()) {
            long clients = connections(client);
            confirmation.ask(
                    "This closes all clients, now " + clients + ", and lets none in until the broker is started again",
                    err());
        }
        JsonNode answer = client.post("/drain", Map.of("over_ms", over.toMillis()));
        if (wait != null) {
            awaitEmpty(client, wait);
        }
        String end = System.lineSeparator();
        print(answer, () -> wait == null ? "draining over " + Quantity.millis(over.toMillis()) + end : "drained" + end);
    }

    private static long connections(ApiClient client) {
        return client.get("/overview").path("connections").asLong();
    }

    private static void awaitEmpty(ApiClient client, Duration most) throws InterruptedException {
        long deadline = System.nanoTime() + most.toNanos();
        while (connections(client) > 0) {
            if (System.nanoTime() - deadline >= 0) {
                throw new CommandException(
                        ExitCode.TIMED_OUT,
                        connections(client) + " clients are left after " + Quantity.millis(most.toMillis()),
                        "a longer --wait, or fanfare connections");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
