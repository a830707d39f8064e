package io.fanfare.session;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Frame;
import io.fanfare.frame.ProtocolException;
import io.fanfare.options.AuthOptions;
import io.fanfare.quota.UserQuota;
import io.fanfare.quota.UserQuotas;
import io.fanfare.security.Authorizer;
import io.fanfare.security.Principal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** User of a connected client, with the expiry of its token and its renewal. Owned by its session's loop. */
final class ClientIdentity {

    /** Where a client sends new credentials. */
    static final String DESTINATION = "/broker/auth";

    private final Session session;
    private final Connected connected;
    private final SoftErrorReplies softErrors;
    private final Authentication authentication;
    private final Permissions permissions;
    private final SessionServices services;

    /** Null: its token has no expiry, and had none. */
    private @Nullable SessionExpiry expiry;

    /** Null: nothing is limited for users. */
    private final @Nullable UserQuota quota;

    ClientIdentity(
            Session session,
            Connected connected,
            SoftErrorReplies softErrors,
            Authentication authentication,
            SessionServices services,
            Principal principal) {
        AuthOptions options = services.options().auth();
        UserQuotas users = services.users();
        // first: it may throw
        this.quota = users.counts(principal.name()) ? users.enter(principal.name()) : null;
        this.services = services;
        this.session = session;
        this.connected = connected;
        this.softErrors = softErrors;
        this.authentication = authentication;
        this.permissions =
                new Permissions(authentication.isTrusted() ? Authorizer.ALL : options.authorizer(), principal);
        if (authentication.isTrusted() || authentication.isLocalWithoutLogins()) {
            permissions.trustAsOperator();
        }
        expire(principal.expires());
    }

    private void expire(@Nullable Instant when) {
        if (when != null && expiry == null) {
            Duration warning = services.options().auth().expiryWarning();
            expiry = new SessionExpiry(session, warning, services.clock(), connected::expiresSoon);
        }
        if (expiry != null) {
            expiry.set(when);
        }
    }

    /** The rates of the user, if any, count for what the client sends. */
    void limit(Inbound inbound) {
        assert session.loop().isCurrent();
        if (quota != null) {
            inbound.user(quota);
        }
    }

    /** The session ends. */
    void end() {
        assert session.loop().isCurrent();
        if (expiry != null) {
            expiry.stop();
        }
        if (quota != null) {
            services.users().leave(quota);
        }
    }

    Permissions permissions() {
        return permissions;
    }

    /** How long the session lasts from now; null: for ever. */
    @Nullable
    Duration left() {
        return expiry == null ? null : expiry.left();
    }

    /** Whether a SEND is not for others. */
    static boolean isRenewal(Frame send) {
        return send.headers().has("destination", DESTINATION);
    }

    /**
     * Takes new credentials. What comes behind them waits for the answer, and is done with the new rights.
     *
     * @throws ProtocolException when there are none; all other failures end the connection, as they do at CONNECT
     */
    void renew(Frame send) {
        if (send.headers().has("transaction")) {
            throw new ProtocolException("invalid transaction", "new credentials count at once, in no transaction");
        }
        authentication.renew(send, result -> renewed(send, result));
    }

    private void renewed(Frame send, Authentication.Result result) {
        try {
            become(result.orThrow());
            connected.renewed(send);
        } catch (ProtocolException e) {
            if (e.closeCode() == CloseCode.OVERLOAD && softErrors.areEnabled()) {
                // the authenticator is unavailable: the old token counts until it expires
                softErrors.refused(send, e);
            } else {
                // also with soft errors: an open connection is no place to try passwords
                session.failed(send, e);
            }
        }
    }

    private void become(Principal renewed) {
        assert session.loop().isCurrent();
        if (!renewed.name().equals(permissions.principal().name())) {
            throw new ProtocolException(
                    "authentication failed",
                    "the new token is not the same user's; another user needs another connection",
                    CloseCode.POLICY);
        }
        expire(renewed.expires());
        permissions.renew(renewed);
        connected.permissionsChanged();
    }
}
