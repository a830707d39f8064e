package io.fanfare.session;

import io.fanfare.frame.ProtocolException;
import io.fanfare.security.Principal;

/** An authenticator's answer. */
sealed interface AuthenticationResult {

    /** The client is this user. */
    record Accepted(Principal principal) implements AuthenticationResult {
        @Override
        public Principal orThrow() {
            return principal;
        }
    }

    /** The client is not accepted; the reason is what it is told. */
    record Refused(ProtocolException reason) implements AuthenticationResult {
        @Override
        public Principal orThrow() {
            throw reason;
        }
    }

    /**
     * The user.
     *
     * @throws ProtocolException when the client is not accepted
     */
    Principal orThrow();
}
