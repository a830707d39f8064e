package io.fanfare.auth;

import io.fanfare.security.AuthenticationException;
import io.fanfare.security.Authenticator;
import io.fanfare.security.Credentials;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** An authenticator of one kind of credentials, which it knows when it sees them. */
public interface SelectiveAuthenticator extends Authenticator {

    /** Whether credentials of this kind are there, right or wrong. Called by event loops: it must not block. */
    boolean recognizes(Credentials credentials);

    /**
     * Several kinds at once: the first that recognizes what is there decides, whatever its answer is. What one refuses no
     * other is asked for, so a token that has expired is never tried as a password.
     */
    static Authenticator firstOf(SelectiveAuthenticator... inOrder) {
        List<SelectiveAuthenticator> kinds = List.of(inOrder);
        return credentials -> {
            for (SelectiveAuthenticator kind : kinds) {
                if (kind.recognizes(credentials)) {
                    return kind.authenticate(credentials);
                }
            }
            return CompletableFuture.failedFuture(new AuthenticationException("no credentials"));
        };
    }
}
