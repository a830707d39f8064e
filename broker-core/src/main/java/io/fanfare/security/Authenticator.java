package io.fanfare.security;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Authenticates clients. Supplied by the embedder; {@code io.fanfare.auth} has ready-made ones.
 */
@FunctionalInterface
public interface Authenticator {

    /** Accepts every client under the name it gives, whatever their passcode: for tests, and on the loopback interface. */
    Authenticator ANONYMOUS = credentials -> CompletableFuture.completedFuture(
            credentials.login() == null ? Principal.ANONYMOUS : Principal.of(credentials.login()));

    /**
     * Authenticates a client. Called by event loops, several at once, so it must not block: what takes time happens on
     * another thread, which completes the answer.
     *
     * @return the client's principal; completed by an {@link AuthenticationException} when it is not let in, by an
     *     {@link AuthenticationUnavailableException} when that can't be found out now. Until it is completed nothing is
     *     read from the client, for at most the login timeout. What is known at once may be thrown as well
     */
    CompletionStage<Principal> authenticate(Credentials credentials);
}
