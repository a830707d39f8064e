package io.fanfare.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.fanfare.security.AuthenticationException;
import io.fanfare.security.AuthenticationUnavailableException;
import io.fanfare.security.Authenticator;
import io.fanfare.security.Credentials;
import io.fanfare.security.Handshake;
import io.fanfare.security.Principal;
import io.fanfare.testing.Await;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a client says, and what an authenticator makes of it. */
final class Attempt {

    private Attempt() {}

    // ---- what a client says ---------------------------------------------------------------------------------------

    static Credentials login(String login, String passcode) {
        return new Credentials(login, passcode, null, Handshake.from("192.0.2.1"));
    }

    static Credentials passcode(String passcode) {
        return login(null, passcode);
    }

    static Credentials authorization(String value) {
        return new Credentials(null, null, value, Handshake.from("192.0.2.1"));
    }

    /** As a browser does: the header comes with the handshake. */
    static Credentials http(String header, String value) {
        return http(header, value, null);
    }

    static Credentials http(String header, String value, String passcode) {
        return new Credentials(null, passcode, null, new Handshake("192.0.2.1", Map.of(header, value), List.of()));
    }

    // ---- what becomes of it ---------------------------------------------------------------------------------------

    static Principal letIn(Authenticator authenticator, Credentials credentials) {
        try {
            return authenticator
                    .authenticate(credentials)
                    .toCompletableFuture()
                    .get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("not let in: " + e.getCause(), e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** Tells the reason, for the log. */
    static String refused(Authenticator authenticator, Credentials credentials) {
        Throwable why = failure(authenticator, credentials);
        assertThat(why).isInstanceOf(AuthenticationException.class);
        return why.getMessage();
    }

    static String unavailable(Authenticator authenticator, Credentials credentials) {
        Throwable why = failure(authenticator, credentials);
        assertThat(why).isInstanceOf(AuthenticationUnavailableException.class);
        return why.getMessage();
    }

    private static Throwable failure(Authenticator authenticator, Credentials credentials) {
        try {
            Principal principal = authenticator
                    .authenticate(credentials)
                    .toCompletableFuture()
                    .get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            return fail("let in as " + principal);
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
