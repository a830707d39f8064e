package io.fanfare.options;

import io.fanfare.security.Authenticator;
import io.fanfare.security.Authorizer;
import java.time.Duration;

/**
 * Authentication and authorization. Each component is described at its method of {@link Builder}.
 */
public record AuthOptions(
        Authenticator authenticator,
        Authorizer authorizer,
        Duration loginTimeout,
        Duration authenticationTimeout,
        Duration expiryWarning) {

    public static final AuthOptions DEFAULT = new Builder().build();

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of its range; the message names its key
     */
    public AuthOptions {
        Check.positive("login_timeout", loginTimeout);
        Check.positive("authentication_timeout", authenticationTimeout);
        Check.notNegative("expiry_warning", expiryWarning);
    }

    /** The same with another authenticator and authorizer. */
    public AuthOptions with(Authenticator decidesUser, Authorizer decidesRights) {
        return new AuthOptions(decidesUser, decidesRights, loginTimeout, authenticationTimeout, expiryWarning);
    }

    /** A builder, with the defaults that its methods name. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects values; each has its default until it is set. */
    public static final class Builder {
        private Authenticator authenticator = Authenticator.ANONYMOUS;
        private Authorizer authorizer = Authorizer.ALL;
        private Duration loginTimeout = Duration.ofSeconds(10);
        private Duration authenticationTimeout = Duration.ofSeconds(60);
        private Duration expiryWarning = Duration.ofSeconds(30);

        private Builder() {}

        /** Decides which user a CONNECT belongs to; accepts everything by default. */
        public Builder authenticator(Authenticator value) {
            authenticator = value;
            return this;
        }

        /** Decides what a user may send and subscribe to; everything by default. */
        public Builder authorizer(Authorizer value) {
            authorizer = value;
            return this;
        }

        /** Time from the open connection to CONNECT; 10 s. A client that is slower is closed. */
        public Builder loginTimeout(Duration value) {
            loginTimeout = value;
            return this;
        }

        /** Time for the authenticator's answer; 60 s. A later one counts as "authentication unavailable". */
        public Builder authenticationTimeout(Duration value) {
            authenticationTimeout = value;
            return this;
        }

        /** Time before the expiry of a token at which a client with soft errors is warned; 30 s. */
        public Builder expiryWarning(Duration value) {
            expiryWarning = value;
            return this;
        }

        /**
         * What was set, and the defaults of the rest.
         *
         * @throws IllegalArgumentException when a value is out of its range; the message names its key
         */
        public AuthOptions build() {
            return new AuthOptions(authenticator, authorizer, loginTimeout, authenticationTimeout, expiryWarning);
        }
    }
}
