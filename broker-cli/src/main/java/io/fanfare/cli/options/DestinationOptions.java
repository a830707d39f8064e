package io.fanfare.cli.options;

import io.fanfare.client.StompClient;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that connect for one destination: which one, and how the broker is reached. */
public final class DestinationOptions {

    @Option(
            names = {"-d", "--destination"},
            paramLabel = "DEST",
            required = true,
            description = "Destination, such as /topic/prices.")
    private String destination = "";

    @Mixin
    private ClientOptions broker = new ClientOptions();

    @Mixin
    private TrustOptions trust = new TrustOptions();

    public String destination() {
        return destination;
    }

    /** A client with these options, not yet connected. */
    public StompClient.Builder client() {
        return broker.client(trust);
    }
}
