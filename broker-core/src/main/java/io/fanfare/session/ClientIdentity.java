package io.fanfare.session;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Frame;
import io.fanfare.frame.ProtocolException;
import io.fanfare.options.AuthOptions;
import io.fanfare.quota.UserQuota;
import io.fanfare.quota.UserQuotas;
import io.fanfare.security.Authorizer;
import io.fanfare.security.Principal;
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
    private final SessionExpiry expiry;
    private final UserQuotas users;

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
        this.users = services.users();
        // first: it may throw
        this.quota = users.counts(principal.name()) ? users.enter(principal.name()) : null;
        this.session = session;
        this.connected = connected;
        this.softErrors = softErrors;
        this.authentication = authentication;
        this.permissions =
                new Permissions(authentication.isTrusted() ? Authorizer.ALL : options.authorizer(), principal);
        if (authentication.isTrusted() || authentication.isLocalWithoutLogins()) {
            permissions.trustAsOperator();
        }
        this.expiry = new SessionExpiry(session, options.expiryWarning(), services.clock(), connected::expiresSoon);
        expiry.set(principal.expires());
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
        expiry.stop();
        if (quota != null) {
            users.leave(quota);
        }
    }

    Permissions permissions() {
        return permissions;
    }

    SessionExpiry expiry() {
        return expiry;
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
        expiry.set(renewed.expires());
        permissions.renew(renewed);
        connected.permissionsChanged();
    }
}
