package io.fanfare.auth;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSObject;
import io.fanfare.frame.Printable;
import io.fanfare.security.AuthenticationException;
import io.fanfare.security.AuthenticationUnavailableException;
import io.fanfare.security.Credentials;
import io.fanfare.security.Principal;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Authenticates clients by a signed token (JWT, RFC 7519). The token is CONNECT's {@code passcode}, or comes as {@code
 * Authorization: Bearer TOKEN} with CONNECT or with the handshake, or in a cookie of the handshake. Any thread may call any
 * method.
 */
public final class JwtAuthenticator implements SelectiveAuthenticator, AutoCloseable {

    /** Tokens that may wait for a thread; clients that come when there are more are told to try again later. */
    private static final int MAX_WAITING = 10_000;

    /** RFC 8725 3.11, RFC 9068: a token that is signed for another purpose, such as a logout, is refused. */
    private static final Set<JOSEObjectType> TYPES =
            Set.of(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"));

    private final JwtOptions options;
    private final InstantSource clock;
    private final Tokens tokens;
    private final Keys keys;
    private final Workers workers;

    /**
     * Reads the keys from their file, or begins to fetch them from their URL.
     *
     * @throws IllegalArgumentException when the file can't be read, or the URL is not safe; the message names the file
     */
    public JwtAuthenticator(JwtOptions options) {
        this(options, InstantSource.system());
    }

    /**
     * The same with another time of day, such as a clock that tests move.
     *
     * @throws IllegalArgumentException when the file can't be read, or the URL is not safe; the message names the file
     */
    public JwtAuthenticator(JwtOptions options, InstantSource clock) {
        this(options, clock, Keys.open(options.keys()));
    }

    JwtAuthenticator(JwtOptions options, InstantSource clock, Keys keys) {
        this.options = options;
        this.clock = clock;
        this.keys = keys;
        this.tokens = new Tokens(options.cookie());
        this.workers = new Workers("tokens", Runtime.getRuntime().availableProcessors(), MAX_WAITING);
    }

    @Override
    public boolean recognizes(Credentials credentials) {
        return tokens.isThere(credentials);
    }

    @Override
    public CompletionStage<Principal> authenticate(Credentials credentials) {
        try {
            String token = tokens.find(credentials);
            if (token == null) {
                throw new AuthenticationException("no token");
            }
            // not on the event loop: a signature by an elliptic curve takes some tenths of a millisecond
            return workers.submit(() -> parse(token)).thenCompose(this::verify);
        } catch (AuthenticationException | AuthenticationUnavailableException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Takes a token apart. Messages tell what is wrong without a part of the token: they end in logs. */
    private static JWSObject parse(String token) {
        JWSObject parsed;
        try {
            parsed = JWSObject.parse(token);
        } catch (ParseException | RuntimeException e) {
            throw new AuthenticationException("malformed or unsigned token");
        }
        if (!parsed.getHeader().isBase64URLEncodePayload()) {
            // RFC 7797 7: never with tokens
            throw new AuthenticationException("token whose payload is not encoded");
        }
        JOSEObjectType type = parsed.getHeader().getType();
        if (type != null && !TYPES.contains(type)) {
            throw new AuthenticationException("token of another type " + Printable.of(type.toString()));
        }
        return parsed;
    }

    private CompletableFuture<Principal> verify(JWSObject token) {
        return keys.find(token.getHeader()).thenApply(candidates -> principal(token, candidates));
    }

    private Principal principal(JWSObject token, List<VerificationKey> candidates) {
        if (candidates.isEmpty()) {
            String id = token.getHeader().getKeyID();
            throw new AuthenticationException("no key for algorithm "
                    + Printable.of(token.getHeader().getAlgorithm().getName())
                    + (id == null ? "" : " and kid " + Printable.of(id)));
        }
        if (candidates.stream().noneMatch(key -> key.signed(token))) {
            throw new AuthenticationException("token with a wrong signature");
        }
        Map<String, Object> claims = token.getPayload().toJSONObject();
        if (claims == null) {
            throw new AuthenticationException("token that is no JSON object");
        }
        return new TokenClaims(claims).principal(options, clock);
    }

    /** Ends the threads; tokens that wait for one are never answered. */
    @Override
    public void close() {
        keys.close();
        workers.close();
    }
}
