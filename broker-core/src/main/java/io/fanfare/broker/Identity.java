package io.fanfare.broker;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Frame;
import io.fanfare.frame.ProtocolException;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Whom a connected client acts for, until when, and how it goes on with a new token. Owned by its session's loop. */
final class Identity {

    /** Where a client sends new credentials. */
    static final String DESTINATION = "/broker/auth";

    private final Session session;
    private final Conversation conversation;
    private final Login login;
    private final Permissions permissions;
    private final Expiry expiry;

    Identity(Session session, Conversation conversation, Login login, BrokerOptions options, Principal principal) {
        this.session = session;
        this.conversation = conversation;
        this.login = login;
        this.permissions = new Permissions(options.authorizer(), principal);
        this.expiry = new Expiry(session, options.expiryWarning(), InstantSource.system(), conversation::expiresSoon);
        expiry.set(principal.expires());
    }

    Permissions permissions() {
        return permissions;
    }

    Expiry expiry() {
        return expiry;
    }

    /** Whether a SEND is not for others. */
    static boolean isMeant(Frame send) {
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
        login.renew(send, answer -> renewed(send, answer));
    }

    private void renewed(Frame send, Supplier<Principal> answer) {
        try {
            become(answer.get());
            conversation.renewed(send);
        } catch (ProtocolException e) {
            if (e.closeCode() == CloseCode.OVERLOAD && conversation.hasSoftErrors()) {
                // nobody could tell: what was true before still is, until it expires
                conversation.softError(send, e);
            } else {
                // also with soft errors: an open connection is no place to try passwords
                session.failed(send, e);
            }
        }
    }

    private void become(Principal renewed) {
        if (!renewed.name().equals(permissions.principal().name())) {
            throw new ProtocolException(
                    "authentication failed",
                    "the new token is not the same user's; another user needs another connection",
                    CloseCode.POLICY);
        }
        expiry.set(renewed.expires());
        permissions.renew(renewed);
        conversation.reconsider();
    }
}
