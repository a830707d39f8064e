package io.fanfare.security;

/**
 * Authentication failure: the client is refused. The client learns no more than that; the message is for the operator's log and holds no secret.
 */
public final class AuthenticationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public AuthenticationException(String reason) {
        // bad input is not our failure: no stack trace is worth its cost
        super(reason, null, false, false);
    }
}
