package io.fanfare.auth;

import io.fanfare.security.AuthenticationException;
import io.fanfare.security.Authenticator;
import io.fanfare.security.Credentials;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** An authenticator for one kind of credentials, which can tell whether a client has presented that kind. */
public interface SelectiveAuthenticator extends Authenticator {

    /** Tells whether credentials of this kind are there, right or wrong. Called by event loops: must not block. */
    boolean recognizes(Credentials credentials);

    /**
     * Combines several kinds: the first that recognizes the credentials decides. No other is asked after a refusal, so that
     * a token that has expired is never tried as a password. Credentials that none recognizes are refused.
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
