package io.fanfare.cli.token;

import io.fanfare.auth.JwtOptions;
import io.fanfare.auth.KeySource;
import io.fanfare.cli.config.Configuration;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say what a broker asks of tokens: a configuration, or conditions one by one. */
final class TokenRules {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Configuration file of the broker: its auth.jwt section.")
    private @Nullable Path config;

    @Option(names = "--issuer", paramLabel = "NAME", description = "Issuer of the token (iss).")
    private @Nullable String issuer;

    @Option(names = "--audience", paramLabel = "NAME", description = "Audience of the token (aud).")
    private @Nullable String audience;

    /**
     * The conditions, from the configuration and over it the options.
     *
     * @param key source of keys to use without a configuration
     * @throws IllegalArgumentException when there is neither a configuration with tokens nor a key
     */
    JwtOptions options(Optional<KeySource> key) {
        JwtOptions options = configured()
                .or(() -> key.map(JwtOptions::of))
                .orElseThrow(() -> new IllegalArgumentException(
                        "a key is missing: -c FILE with an auth.jwt section, or --key FILE"));
        if (issuer != null) {
            options = options.withIssuer(issuer);
        }
        return audience == null ? options : options.withAudience(audience);
    }

    private Optional<JwtOptions> configured() {
        Path file = config;
        if (file == null) {
            return Optional.empty();
        }
        Configuration configuration = new Configuration();
        configuration.readFile(file);
        configuration.readEnvironment(System.getenv());
        Optional<JwtOptions> tokens = configuration.tokens();
        if (tokens.isEmpty()) {
            throw new IllegalArgumentException(file + " has no auth.jwt section: a broker with it looks at no tokens");
        }
        return tokens;
    }
}
