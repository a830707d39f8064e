package io.fanfare.cli.options;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of commands that log in: a user's name and passcode. */
public final class LoginOptions {

    @Option(names = "--login", paramLabel = "USER", description = "Name of the user, for brokers that need a login.")
    private @Nullable String login;

    @Option(names = "--passcode", paramLabel = "WORD", description = "Passcode of the user, or a token.")
    private @Nullable String passcode;

    public Optional<String> login() {
        return Optional.ofNullable(login);
    }

    public Optional<String> passcode() {
        return Optional.ofNullable(passcode);
    }
}
