package io.fanfare.cli;

import io.fanfare.client.StompClient;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who a command is for a broker: options that commands have in common. */
final class Account {

    @Option(names = "--login", paramLabel = "USER", description = "The user's name, where the broker wants one.")
    private @Nullable String login;

    @Option(names = "--passcode", paramLabel = "WORD", description = "The user's password, or a token.")
    private @Nullable String passcode;

    /** A connection to be made with what the options say. */
    StompClient.Builder at(URI url) {
        StompClient.Builder builder = StompClient.builder(url);
        if (login != null) {
            builder.header("login", login);
        }
        if (passcode != null) {
            builder.header("passcode", passcode);
        }
        return builder;
    }
}
