package io.fanfare.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.broker.Broker;
import io.fanfare.frame.Printable;
import io.fanfare.security.AuthenticationException;
import io.fanfare.security.AuthenticationUnavailableException;
import io.fanfare.security.Authenticator;
import io.fanfare.security.Credentials;
import io.fanfare.security.Handshake;
import io.fanfare.security.Principal;
import io.fanfare.server.AdminOptions;
import io.fanfare.server.ServerOptions;
import io.fanfare.server.http.HttpCall;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Authenticates and authorizes the requests of the API: by token, user, host, origin and address. Any thread may ask.
 */
final class Access implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Access.class);

    /** What a page of the same origin, or a person, sends (Fetch Metadata); programs send none. */
    private static final List<String> OWN_SITES = List.of("same-origin", "none");

    /** Less than a client waits that gives a request ten seconds. */
    private static final int AUTHENTICATION_SECONDS = 8;

    private static final String SCHEMES = "Bearer, Basic realm=\"fanfare\", charset=\"UTF-8\"";

    private final Authenticator authenticator;
    private final OperatorTokens tokens;
    private final Login login;

    /** Of operators. */
    private final FailedLogins failedLogins;

    /** Why the API is not served at all; null: it is. */
    private final @Nullable String closed;

    /** How callers are known. */
    private enum Login {
        /** None: all callers are operators. */
        NONE,
        /** By a token of operators, or by what the authenticator says of a user. */
        OPERATORS,
        /** By what the authenticator says, as at CONNECT. */
        CLIENTS
    }

    private Access(
            Authenticator authenticator,
            OperatorTokens tokens,
            Login login,
            FailedLogins failedLogins,
            @Nullable String closed) {
        this.authenticator = authenticator;
        this.tokens = tokens;
        this.login = login;
        this.failedLogins = failedLogins;
        this.closed = closed;
    }

    /**
     * The access to the API of a server.
     *
     * @throws IllegalArgumentException when the file of tokens can't be used
     */
    static Access of(Broker broker, ServerOptions options, FailedLogins failedLogins) {
        AdminOptions admin = options.admin();
        Authenticator authenticator = broker.options().auth().authenticator();
        OperatorTokens tokens = admin.tokensFile().map(OperatorTokens::open).orElse(OperatorTokens.NONE);
        boolean hasLogins = tokens != OperatorTokens.NONE || authenticator != Authenticator.ANONYMOUS;
        String closed = null;
        if ((admin.allowRemote() || !admin.isLoopback()) && !hasLogins) {
            closed = "the API is for other machines only with a login: set admin.tokens_file, or auth";
        } else if (!admin.isLoopback() && !admin.tls()) {
            closed = "the API is for other machines only with TLS: set admin.tls";
        }
        if (closed != null) {
            LOG.warn("HTTP API is off: {}", closed);
        }
        return new Access(authenticator, tokens, hasLogins ? Login.OPERATORS : Login.NONE, failedLogins, closed);
    }

    /** The access that clients have on their own port. */
    static Access ofClients(Broker broker) {
        return new Access(
                broker.options().auth().authenticator(),
                OperatorTokens.NONE,
                Login.CLIENTS,
                new FailedLogins(System::nanoTime),
                null);
    }

    /**
     * Lets a request in.
     *
     * @return its caller; a {@link Problem} when it is not let in, completed by any thread
     */
    CompletionStage<Caller> enter(HttpCall call) {
        if (closed != null) {
            throw Problem.of(403, closed);
        }
        return switch (login) {
            case NONE -> {
                checkSite(call);
                yield CompletableFuture.completedFuture(Caller.OPERATOR);
            }
            case OPERATORS -> {
                checkSite(call);
                yield enterOperator(call);
            }
            case CLIENTS -> {
                Optional<String> authorization = call.header("Authorization");
                yield authenticate(
                        call,
                        authorization.isPresent()
                                ? credentials(call, authorization.get())
                                : new Credentials(null, null, null, Handshake.from(call.address())));
            }
        };
    }

    private static void checkSite(HttpCall call) {
        call.header("Sec-Fetch-Site").ifPresent(site -> {
            if (!OWN_SITES.contains(site)) {
                throw Problem.of(403, "pages of another origin may not send requests to this port");
            }
        });
    }

    private CompletionStage<Caller> enterOperator(HttpCall call) {
        String authorization = call.header("Authorization").orElseThrow(Access::unauthorized);
        // before the credentials are looked at: whether the next guess is right is not told either
        Duration delay = failedLogins.delay(call.address());
        if (!delay.isNegative() && !delay.isZero()) {
            throw Problem.of(429, "too many logins from this address have failed")
                    .header(
                            "Retry-After",
                            Long.toString(delay.plusSeconds(1).minusNanos(1).toSeconds()));
        }
        if (after("Bearer ", authorization).filter(tokens::contains).isPresent()) {
            return CompletableFuture.completedFuture(Caller.OPERATOR);
        }
        if (authenticator == Authenticator.ANONYMOUS) {
            throw refused(call, "the token is not one of admin.tokens_file");
        }
        return authenticate(call, credentials(call, authorization));
    }

    private static Optional<String> after(String scheme, String authorization) {
        boolean isIt = authorization.regionMatches(true, 0, scheme, 0, scheme.length());
        return isIt ? Optional.of(authorization.substring(scheme.length()).strip()) : Optional.empty();
    }

    private static Credentials credentials(HttpCall call, String authorization) {
        if (after("Bearer ", authorization).isPresent()) {
            Handshake handshake = new Handshake(call.address(), Map.of("authorization", authorization), List.of());
            return new Credentials(null, null, authorization, handshake);
        }
        String encoded = after("Basic ", authorization).orElseThrow(Access::unauthorized);
        String decoded;
        try {
            decoded = new String(Base64.getDecoder().decode(encoded), UTF_8);
        } catch (IllegalArgumentException e) {
            throw unauthorized();
        }
        // RFC 7617 2: the user's name has no colon
        int colon = decoded.indexOf(':');
        if (colon < 0) {
            throw unauthorized();
        }
        return new Credentials(
                decoded.substring(0, colon), decoded.substring(colon + 1), null, Handshake.from(call.address()));
    }

    private CompletionStage<Caller> authenticate(HttpCall call, Credentials credentials) {
        CompletableFuture<Principal> answer;
        try {
            answer = authenticator.authenticate(credentials).toCompletableFuture();
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        return answer.copy().orTimeout(AUTHENTICATION_SECONDS, TimeUnit.SECONDS).handle((principal, why) -> {
            if (principal != null) {
                return new Caller(principal);
            }
            throw problem(call, why);
        });
    }

    private Problem problem(HttpCall call, @Nullable Throwable why) {
        Throwable cause = why instanceof CompletionException && why.getCause() != null ? why.getCause() : why;
        if (cause instanceof AuthenticationException) {
            return refused(call, String.valueOf(cause.getMessage()));
        }
        if (cause instanceof AuthenticationUnavailableException) {
            LOG.warn("login failed peer={} reason={}", Printable.of(call.address()), cause.getMessage());
        } else {
            LOG.error("authentication of peer={} broke", Printable.of(call.address()), cause);
        }
        return Problem.of(503, "the server could not check these credentials; try again later")
                .header("Retry-After", "5");
    }

    /** The operator's log has the reason, the client does not. */
    private Problem refused(HttpCall call, String reason) {
        if (login == Login.OPERATORS) {
            failedLogins.failed(call.address());
        }
        LOG.info("login refused peer={} reason={}", Printable.of(call.address()), reason);
        return unauthorized();
    }

    private static Problem unauthorized() {
        return Problem.of(401, "").header("WWW-Authenticate", SCHEMES);
    }

    /** Ends what watches the file of tokens. */
    @Override
    public void close() {
        tokens.close();
    }
}
