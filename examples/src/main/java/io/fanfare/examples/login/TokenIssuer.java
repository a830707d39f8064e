package io.fanfare.examples.login;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.fanfare.auth.JwtAuthenticator;
import io.fanfare.auth.JwtOptions;
import io.fanfare.auth.KeySource;
import io.fanfare.security.Authenticator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;

/**
 * Issues short-lived tokens (JWT, HS256) with a secret that the broker knows, too: it is in a file that other users
 * of the machine may not read, and that goes with the example. Any thread may call any method.
 */
public final class TokenIssuer implements AutoCloseable {

    private static final String ISSUER = "https://login.example";
    private static final String AUDIENCE = "fanfare";

    /** RFC 7518, 3.2: as long as the hash. */
    private static final int SECRET_BYTES = 32;

    /**
     * A token.
     *
     * @param value what a client sends
     * @param expires when it is no longer valid; whole seconds
     */
    public record Token(String value, Instant expires) {}

    private final Path file;
    private final byte[] secret;
    private final Duration life;
    private final JwtAuthenticator authenticator;

    private TokenIssuer(Path file, byte[] secret, Duration life) {
        this.file = file;
        this.secret = secret;
        this.life = life;
        // one machine has one clock
        this.authenticator = new JwtAuthenticator(JwtOptions.of(new KeySource.SecretFile(file))
                .withIssuer(ISSUER)
                .withAudience(AUDIENCE)
                .withClockSkew(Duration.ZERO));
    }

    /**
     * Makes a secret.
     *
     * @param life of each token
     */
    public static TokenIssuer open(Duration life) {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        try {
            Path file = Files.createTempFile("example", ".secret");
            Files.write(file, secret);
            return new TokenIssuer(file, secret, life);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the secret of the tokens: " + e.getMessage(), e);
        }
    }

    /** A token for a user. */
    public Token issue(String user, Set<String> roles) {
        Instant now = Instant.now();
        Instant expires = Instant.ofEpochSecond(now.plus(life).getEpochSecond());
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject(user)
                .claim("roles", List.copyOf(roles))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(expires))
                .build();
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        try {
            token.sign(new MACSigner(secret));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return new Token(token.serialize(), expires);
    }

    /** What the broker checks the tokens with. */
    public Authenticator authenticator() {
        return authenticator;
    }

    @Override
    public void close() {
        authenticator.close();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
