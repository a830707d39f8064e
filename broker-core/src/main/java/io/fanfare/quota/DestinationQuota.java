package io.fanfare.quota;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;

/**
 * Counts the destinations that exist because of one connection: topics that it subscribes to, and queues and durable
 * subscriptions that it has brought into being, until they go. Any thread may call: queues go on every loop.
 */
public final class DestinationQuota {

    private final int limit;
    private final String owner;
    private int count;

    /** No destinations yet, and nobody's. */
    public DestinationQuota(int limit) {
        this(limit, "");
    }

    /**
     * No destinations yet.
     *
     * @param owner whose connection it is: a user's, or that of an address whose clients are anonymous
     */
    public DestinationQuota(int limit, String owner) {
        this.limit = limit;
        this.owner = owner;
    }

    /** Whose connection it is, for what all of an owner's connections together may have. */
    public String owner() {
        return owner;
    }

    /**
     * Counts some more; {@link #remove} follows.
     *
     * @throws ProtocolException when they would be too many; nothing has changed then
     */
    public synchronized void add(int destinations) {
        if (destinations > limit - count) {
            throw new ProtocolException(
                    "too many destinations",
                    Limits.exceeded(
                            "%,d topics, queues and durable subscriptions would be there because of this connection",
                            (long) count + destinations, limit, "max_destinations_per_connection"),
                    CloseCode.POLICY);
        }
        count += destinations;
    }

    public synchronized void remove(int destinations) {
        count -= destinations;
    }
}
