package io.fanfare.session;

import io.fanfare.status.ConnectionStatus;
import io.fanfare.status.SubscriptionStatus;
import java.util.List;

/** What operators see of a connected client. To be asked in the task of the session's loop that got it, and not later. */
public final class ClientStatus {

    private final Connected client;
    private final Vitals vitals;

    ClientStatus(Connected client, Vitals vitals) {
        this.client = client;
        this.vitals = vitals;
    }

    public String id() {
        return client.id();
    }

    public ConnectionStatus connection() {
        return vitals.status(client);
    }

    /** How many subscriptions it has: {@link #subscriptions} takes as many steps. */
    public int subscriptionCount() {
        return client.subscriptions().count();
    }

    public List<SubscriptionStatus> subscriptions() {
        return client.subscriptions().status(client.id());
    }
}
