package io.fanfare.session;

import io.fanfare.durable.Durables;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.security.Authorizer;
import io.fanfare.security.Authorizer.Action;
import io.fanfare.security.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Permissions of one principal, as its authorizer says, and for the broker's statistics its roles. Owned by its session's loop,
 * or by one thread.
 */
public final class Permissions {

    private static final Logger LOG = LoggerFactory.getLogger(Permissions.class);

    /** The role of users that may read the broker's statistics. */
    private static final String ADMIN = "admin";

    private final Authorizer authorizer;
    private Principal principal;

    /** Whether the client may read the broker's statistics without a role. */
    private boolean isOperator;

    public Permissions(Authorizer authorizer, Principal principal) {
        this.authorizer = authorizer;
        this.principal = principal;
    }

    Principal principal() {
        return principal;
    }

    /** The client is on the broker's own machine, and there are no logins: it may read the broker's statistics. */
    void trustAsOperator() {
        isOperator = true;
    }

    /** The same user, with other roles or claims. */
    void renew(Principal renewed) {
        principal = renewed;
    }

    /**
     * Makes sure that something may be done at each of these destinations.
     *
     * @throws ProtocolException when it may not
     */
    public void require(Action action, List<Destination> destinations) {
        Destination forbidden = firstForbidden(action, destinations);
        if (forbidden != null) {
            throw new ProtocolException("not allowed", "you may not " + text(action, forbidden), CloseCode.POLICY);
        }
    }

    /** Where something may not be done; null: it may be done at all of them. */
    @Nullable
    Destination firstForbidden(Action action, List<Destination> destinations) {
        for (Destination each : destinations) {
            if (!allows(action, each)) {
                return each;
            }
        }
        return null;
    }

    /** Describes an action for an ERROR that refuses it. */
    static String text(Action action, Destination destination) {
        return action + " to "
                + Printable.of(
                        destination.isPresence()
                                ? DestinationText.of(destination)
                                : DestinationText.forAuthorizer(destination, action));
    }

    private boolean allows(Action action, Destination destination) {
        if (destination.isStatistics()) {
            // rules that allow all topics were written for clients
            return isOperator || principal.roles().contains(ADMIN);
        }
        if (authorizer == Authorizer.ALL) {
            return true;
        }
        if (destination.isPresence()) {
            return ask(Action.PRESENCE, DestinationText.forAuthorizer(destination, Action.PRESENCE));
        }
        // a temporary destination is read by its owner alone, and written to by clients that were told of it
        return destination.temporaryOwner() != null || ask(action, DestinationText.forAuthorizer(destination, action));
    }

    private boolean ask(Action action, String destination) {
        try {
            return authorizer.allows(principal, action, destination);
        } catch (RuntimeException e) {
            // what is not known to be allowed is not
            LOG.error("authorizer broke: {} to {}", action, Printable.of(destination), e);
            return false;
        }
    }

    /** The client's connection as one that may have durable subscriptions. */
    Durables.Holder holder(Session session, BrokerLoop loop, DestinationQuota quota) {
        return new Durables.Holder(
                // a client without a user is told no other's address
                principal().name().isEmpty() ? "" : session.toString(),
                loop,
                quota,
                wanted -> firstForbidden(Authorizer.Action.SUBSCRIBE, wanted) == null,
                session::refuse);
    }
}
