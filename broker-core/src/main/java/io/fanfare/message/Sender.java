package io.fanfare.message;

import io.fanfare.loop.Congestion;
import io.fanfare.quota.DestinationQuota;
import org.jspecify.annotations.Nullable;

/**
 * The connection that sent a message, as far as its messages need to know it: by identity, and by the destinations that
 * came into being because of it. Messages outlive their connection, so this keeps nothing else of it.
 */
public final class Sender {

    private final DestinationQuota quota;

    /** A receiver of its messages that it waits for; null: none. */
    private volatile @Nullable Congestion congestion;

    public Sender(DestinationQuota quota) {
        this.quota = quota;
    }

    public DestinationQuota quota() {
        return quota;
    }

    /** One of its messages waits for a receiver that takes them more slowly than they come; called by any thread. */
    public void waitFor(Congestion receiver) {
        congestion = receiver;
    }

    /** Whether it should send on later; called by any thread. */
    public boolean mustWait() {
        Congestion receiver = congestion;
        if (receiver == null) {
            return false;
        }
        if (receiver.holdsPublishers()) {
            return true;
        }
        congestion = null;
        return false;
    }
}
