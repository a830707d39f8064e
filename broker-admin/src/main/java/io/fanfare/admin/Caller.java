package io.fanfare.admin;

import io.fanfare.security.Principal;
import org.jspecify.annotations.Nullable;

/**
 * Origin of a request.
 *
 * @param user that it was authenticated as; null: an operator with a token, or a server that asks for no login
 */
record Caller(@Nullable Principal user) {

    /** The role of users that may use all of the API. */
    static final String ROLE = "admin";

    static final Caller OPERATOR = new Caller(null);

    boolean isOperator() {
        return user == null || user.roles().contains(ROLE);
    }

    /** For logs. */
    @Override
    public String toString() {
        return user == null ? "operator" : "user=" + user.name();
    }
}
