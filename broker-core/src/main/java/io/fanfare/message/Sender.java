package io.fanfare.message;

import io.fanfare.quota.DestinationQuota;

/**
 * The connection that sent a message, as far as its messages need to know it: by identity, and by the destinations that
 * came into being because of it. Messages outlive their connection, so this keeps nothing else of it.
 */
public final class Sender {

    private final DestinationQuota quota;

    public Sender(DestinationQuota quota) {
        this.quota = quota;
    }

    public DestinationQuota quota() {
        return quota;
    }
}
