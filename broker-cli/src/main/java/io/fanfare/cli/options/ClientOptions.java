package io.fanfare.cli.options;

import io.fanfare.client.StompClient;
import io.fanfare.frame.Headers;
import io.fanfare.server.ServerOptions;
import java.net.URI;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that connect: the broker's URL and the credentials. */
public final class ClientOptions {

    private static final String DEFAULT_URL =
            "ws://127.0.0.1:" + ServerOptions.DEFAULT_PORT + ServerOptions.DEFAULT_PATH;

    @Mixin
    private LoginOptions user = new LoginOptions();

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = DEFAULT_URL,
            description = "URL of the broker (default: ${DEFAULT-VALUE}).")
    private URI url = URI.create(DEFAULT_URL);

    public URI url() {
        return url;
    }

    /** Sets the URL from an argument. */
    void url(String argument) {
        if (!url.toString().equals(DEFAULT_URL)) {
            throw new IllegalArgumentException("two URLs: " + url + " and " + argument);
        }
        url = URI.create(argument);
    }

    /** The credentials as headers of CONNECT. */
    public Headers credentials() {
        return Headers.builder()
                .addIfPresent("login", user.login().orElse(null))
                .addIfPresent("passcode", user.passcode().orElse(null))
                .build();
    }

    /** A client with these options, not yet connected. */
    public StompClient.Builder client(TrustOptions trust) {
        // what fails is told by the command, in a sentence of its own
        StompClient.Builder client = StompClient.builder(url).onError(failure -> {});
        Headers credentials = credentials();
        for (int i = 0; i < credentials.size(); i++) {
            client.header(credentials.name(i), credentials.value(i));
        }
        trust.context().ifPresent(client::sslContext);
        return client;
    }
}
