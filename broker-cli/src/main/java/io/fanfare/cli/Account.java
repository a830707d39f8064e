package io.fanfare.cli;

import io.fanfare.client.StompClient;
import io.fanfare.frame.Headers;
import io.fanfare.server.ServerOptions;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of commands that connect: to which broker, and as whom. */
public final class Account {

    private static final String DEFAULT_URL =
            "ws://127.0.0.1:" + ServerOptions.DEFAULT_PORT + ServerOptions.DEFAULT_PATH;

    @Option(names = "--login", paramLabel = "USER", description = "The user's name, where the broker wants one.")
    private @Nullable String login;

    @Option(names = "--passcode", paramLabel = "WORD", description = "The user's password, or a token.")
    private @Nullable String passcode;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = DEFAULT_URL,
            description = "The broker (default: ${DEFAULT-VALUE}).")
    private URI url = URI.create(DEFAULT_URL);

    public URI url() {
        return url;
    }

    /** Headers of CONNECT. */
    public Headers credentials() {
        return Headers.builder()
                .addIfPresent("login", login)
                .addIfPresent("passcode", passcode)
                .build();
    }

    /** A connection to be made with what the options say. */
    StompClient.Builder connection(Trust trust) {
        StompClient.Builder connection = StompClient.builder(url);
        Headers credentials = credentials();
        for (int i = 0; i < credentials.size(); i++) {
            connection.header(credentials.name(i), credentials.value(i));
        }
        trust.context().ifPresent(connection::sslContext);
        return connection;
    }
}
