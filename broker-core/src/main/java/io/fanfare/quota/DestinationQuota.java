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
     * @param owner of the connection: a user, or an address of anonymous clients
     */
    public DestinationQuota(int limit, String owner) {
        this.limit = limit;
        this.owner = owner;
    }

    /** Owner of the connection, for limits of all connections of an owner together. */
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
            throw tooMany(destinations);
        }
        count += destinations;
    }

    private ProtocolException tooMany(int destinations) {
        return new ProtocolException(
                "too many destinations",
                Limits.exceeded(
                        "%,d topics, queues and durable subscriptions would be there because of this connection",
                        (long) count + destinations, limit, "max_destinations_per_connection"),
                CloseCode.POLICY);
    }

    /**
     * Makes sure that half of the limit is left, for what the connection brings into being because it wants to.
     *
     * @throws ProtocolException as {@link #add} does, when it is not
     */
    public synchronized void checkHalf() {
        if (count >= limit / 2) {
            throw tooMany(limit - count + 1);
        }
    }

    public synchronized void remove(int destinations) {
        count -= destinations;
    }
}
