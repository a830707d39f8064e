package io.fanfare.session;

import io.fanfare.backplane.DurableKey;
import io.fanfare.durable.Durables;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.HeaderValues;
import io.fanfare.options.ConnectionLimits;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.security.Authorizer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The durable subscriptions of one connected client. Owned by the session's loop. */
final class DurableHandler {

    private final Durables durables;
    private final ConnectionLimits limits;
    private final String user;
    private final @Nullable String clientId;
    private final Durables.Holder holder;

    DurableHandler(
            Durables durables,
            ConnectionLimits limits,
            Permissions permissions,
            @Nullable String clientId,
            Durables.Holder holder) {
        this.durables = durables;
        this.limits = limits;
        this.user = permissions.principal().name();
        this.clientId = clientId;
        this.holder = holder;
    }

    /** The client's connection, as another one of its user sees it. */
    static Durables.Holder holder(Session session, BrokerLoop loop, DestinationQuota quota, Permissions permissions) {
        return new Durables.Holder(
                // a client without a user is told no other's address
                permissions.principal().name().isEmpty() ? "" : session.toString(),
                loop,
                quota,
                wanted -> permissions.firstForbidden(Authorizer.Action.SUBSCRIBE, wanted) == null,
                session::refuse);
    }

    /**
     * Begins one, or goes on with it.
     *
     * @return headers of the RECEIPT when it has begun; null: it has
     */
    @Nullable
    CompletionStage<Headers> subscribe(
            Headers headers, String id, List<Destination> destinations, Subscription subscription) {
        Durables.Begun begun = durables.subscribe(key(headers, id), destinations, subscription, holder);
        subscription.bind(begun.undo());
        return begun.later();
    }

    private DurableKey key(Headers headers, String id) {
        if (clientId == null) {
            throw new ProtocolException(
                    "missing client-id", "a durable subscription needs the header client-id on CONNECT");
        }
        return new DurableKey(
                user,
                clientId,
                HeaderValues.id("the subscription's name", SubscribeOptions.durableName(headers, id), limits));
    }

    /** Whether an UNSUBSCRIBE is about a durable subscription. */
    boolean isAbout(Headers unsubscribe) {
        return SubscribeOptions.isDurable(unsubscribe) && clientId != null;
    }

    /** As {@link Durables#checkDelete}. */
    void checkDelete(Headers headers, String id, @Nullable Subscription own) {
        durables.checkDelete(key(headers, id), own, holder);
    }

    /** As {@link Durables#delete}. */
    Durables.Ended delete(Headers headers, String id) {
        return durables.delete(key(headers, id), holder);
    }
}
