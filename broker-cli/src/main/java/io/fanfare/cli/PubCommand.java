package io.fanfare.cli;

import io.fanfare.cli.options.ClientOptions;
import io.fanfare.cli.options.TrustOptions;
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
            names = {"-d", "--destination"},
            paramLabel = "DEST",
            required = true,
            description = "Destination, such as /topic/prices.")
    private String destination = "";

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
    private ClientOptions options = new ClientOptions();

    @Mixin
    private TrustOptions trust = new TrustOptions();

    @Override
    public Integer call() {
        Headers.Builder all = Headers.builder();
        headers.forEach(all::add);
        try (StompClient client = options.client(trust).connect()) {
            client.send(destination, all.build(), message.getBytes(StandardCharsets.UTF_8))
                    .join();
        }
        return 0;
    }
}
