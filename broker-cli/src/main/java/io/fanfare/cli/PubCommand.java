package io.fanfare.cli;

import io.fanfare.cli.options.DestinationOptions;
import io.fanfare.client.StompClient;
import io.fanfare.frame.Headers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fanfare pub}: sends one message and waits for its RECEIPT. */
@Command(name = "pub", description = "Sends one message.", mixinStandardHelpOptions = true)
final class PubCommand implements Callable<Integer> {

    @Option(
            names = {"-m", "--message"},
            paramLabel = "TEXT",
            required = true,
            description = "Body of the message.")
    private String message = "";

    @Option(
            names = {"-H", "--header"},
            paramLabel = "NAME=VALUE",
            description = "Further header of the SEND; may be given several times.")
    private Map<String, String> headers = new LinkedHashMap<>();

    @Mixin
    private DestinationOptions options = new DestinationOptions();

    @Override
    public Integer call() {
        Headers.Builder all = Headers.builder();
        headers.forEach(all::add);
        try (StompClient client = options.client().connect()) {
            client.send(options.destination(), all.build(), message.getBytes(StandardCharsets.UTF_8))
                    .join();
        }
        return 0;
    }
}
