package io.fanfare.cli.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.fanfare.auth.JwtOptions;
import io.fanfare.auth.KeySource;
import io.fanfare.cli.options.DurationConverter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fanfare token make}: prints a token of one user. */
@Command(
        name = "make",
        description = {
            "Prints a token of a user, for tests and first steps.",
            "With -c it is made as that broker wants it: with its secret, issuer, audience and claims. The algorithm"
                    + " follows from the key: HS256 with a secret, RS256 or ES256 with a private key."
        },
        mixinStandardHelpOptions = true)
final class TokenMake implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "Name of the user.")
    private String name = "";

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description =
                    "Key to sign with: a secret of 32 bytes or more, or a PRIVATE KEY in PEM (RSA, or EC on P-256).")
    private @Nullable Path key;

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            split = ",",
            description = "Role of the user; may be given several times.")
    private List<String> roles = List.of();

    @Option(names = "--claim", paramLabel = "NAME=VALUE", description = "Further claim; may be given several times.")
    private Map<String, String> claims = new LinkedHashMap<>();

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            defaultValue = "1h",
            converter = DurationConverter.class,
            description = "Time until it expires (default: ${DEFAULT-VALUE}).")
    private Duration expires = Duration.ZERO;

    @Option(names = "--kid", paramLabel = "ID", description = "Id of the key, for brokers with a set of keys.")
    private @Nullable String keyId;

    @Mixin
    private TokenRules rules = new TokenRules();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        JwtOptions options = rules.options(Optional.ofNullable(key).map(KeySource.SecretFile::new));
        SigningKey signing = signingKey(options);
        JWSHeader header =
                new JWSHeader.Builder(signing.algorithm()).keyID(keyId).build();
        SignedJWT token = new SignedJWT(header, claims(options, Instant.now()));
        try {
            token.sign(signing.signer());
        } catch (JOSEException e) {
            throw new IllegalArgumentException("this key can't sign: " + e.getMessage(), e);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(token.serialize());
        out.flush();
        return 0;
    }

    private SigningKey signingKey(JwtOptions options) {
        if (key != null) {
            return SigningKey.read(key);
        }
        if (options.keys() instanceof KeySource.SecretFile secret) {
            return SigningKey.read(secret.file());
        }
        throw new IllegalArgumentException("this broker has public keys only: give the private one with --key FILE");
    }

    private JWTClaimsSet claims(JwtOptions options, Instant now) {
        JWTClaimsSet.Builder all = new JWTClaimsSet.Builder();
        claims.forEach(all::claim);
        all.claim(options.nameClaim(), name);
        if (!roles.isEmpty()) {
            all.claim(options.rolesClaim(), roles);
        }
        return all.issuer(options.issuer())
                .audience(options.audience())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(expires)))
                .build();
    }
}
