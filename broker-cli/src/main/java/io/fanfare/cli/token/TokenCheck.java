package io.fanfare.cli.token;

import io.fanfare.auth.JwtAuthenticator;
import io.fanfare.auth.KeySource;
import io.fanfare.cli.output.CommandException;
import io.fanfare.cli.output.ExitCode;
import io.fanfare.security.AuthenticationException;
import io.fanfare.security.AuthenticationUnavailableException;
import io.fanfare.security.Credentials;
import io.fanfare.security.Handshake;
import io.fanfare.security.Principal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fanfare token check}: says whether a broker would accept a token, or why not. */
@Command(
        name = "check",
        description = {
            "Says whether a broker would accept a token, and its user; or why it would refuse it, with exit code 4.",
            "The broker itself tells its clients nothing of the reason."
        },
        mixinStandardHelpOptions = true)
final class TokenCheck implements Callable<Integer> {

    /** Bytes of standard input that are read; a token is shorter. */
    private static final int MAX_BYTES = 64 << 10;

    @Parameters(paramLabel = "TOKEN", description = "The token; - reads it from standard input.")
    private String token = "";

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "Key to check with, without -c: public keys in PEM, a JWK set, or a secret.")
    private @Nullable Path key;

    @Mixin
    private TokenRules rules = new TokenRules();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        String compact = token.equals("-") ? standardInput() : token;
        Credentials credentials = new Credentials(null, compact, null, Handshake.from("127.0.0.1"));
        try (JwtAuthenticator authenticator =
                new JwtAuthenticator(rules.options(Optional.ofNullable(key).map(TokenCheck::source)))) {
            print(authenticator.authenticate(credentials).toCompletableFuture().join());
            return 0;
        } catch (CompletionException e) {
            throw refusal(e);
        }
    }

    private static RuntimeException refusal(CompletionException thrown) {
        Throwable cause = thrown.getCause();
        if (cause instanceof AuthenticationException refused) {
            return new CommandException(
                    ExitCode.REFUSED, "this token is refused: " + refused.getMessage(), "fanfare token make --help");
        } else if (cause instanceof AuthenticationUnavailableException unavailable) {
            return new CommandException(
                    ExitCode.UNREACHABLE, "the keys are not there: " + unavailable.getMessage(), "the same again");
        }
        return thrown;
    }

    private void print(Principal principal) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("accepted");
        out.println("user     " + principal.name());
        out.println("roles    " + String.join(", ", new TreeSet<>(principal.roles())));
        out.println("expires  " + (principal.expires() == null ? "never" : principal.expires()));
        out.flush();
    }

    /** What kind of key a file holds follows from its beginning. */
    private static KeySource source(Path file) {
        try {
            String start = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).stripLeading();
            if (start.startsWith("-----BEGIN")) {
                return new KeySource.PublicKeyFile(file);
            }
            return start.startsWith("{") ? new KeySource.JwksFile(file) : new KeySource.SecretFile(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + file + ": " + e, e);
        }
    }

    private static String standardInput() {
        try {
            return new String(System.in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("standard input can't be read: " + e.getMessage(), e);
        }
    }
}
