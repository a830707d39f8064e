package io.fanfare.cli.options;

import io.fanfare.client.StompClient;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that connect for one destination: which one, and how the broker is reached. */
public final class DestinationOptions {

    @Option(
            names = {"-d", "--destination"},
            paramLabel = "DEST",
            description = "Destination, such as /topic/prices; the same as the argument DEST.")
    private @Nullable String destination;

    @Mixin
    private ClientOptions broker = new ClientOptions();

    @Mixin
    private TrustOptions trust = new TrustOptions();

    /**
     * Takes URL and destination from the arguments {@code [URL] DEST}, unless options have given them; returns the
     * arguments behind them.
     *
     * @throws IllegalArgumentException when there is no destination, or the URL is none
     */
    public List<String> take(List<String> arguments) {
        List<String> rest = new ArrayList<>(arguments);
        if (!rest.isEmpty() && rest.get(0).contains("://")) {
            broker.url(rest.remove(0));
        }
        if (destination == null && !rest.isEmpty()) {
            destination = rest.remove(0);
        }
        if (destination == null) {
            throw new IllegalArgumentException("a destination is missing, such as /topic/prices");
        }
        return rest;
    }

    /** The destination; to be called after {@link #take}. */
    public String destination() {
        return destination == null ? "" : destination;
    }

    /** A client with these options, not yet connected. */
    public StompClient.Builder client() {
        return broker.client(trust);
    }
}
