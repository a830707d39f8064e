package io.fanfare.security;

/**
 * A client's credentials can't be checked right now, and it may try again later: it gets the ERROR {@code authentication
 * unavailable}. The message is for the operator's log and holds no secret.
 */
public final class AuthenticationUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public AuthenticationUnavailableException(String reason) {
        // comes in numbers, when it comes: no stack trace is worth its cost
        super(reason, null, false, false);
    }
}
