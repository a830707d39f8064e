package io.fanfare.durable;

import io.fanfare.backplane.DurableKey;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Limits;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;

/** ERRORs for clients when a durable subscription is refused them, or another connection takes it. */
final class Refusals {

    private Refusals() {}

    static ProtocolException takenOver(DurableKey key, String by) {
        return new ProtocolException(
                "taken over",
                "another connection" + (by.isEmpty() ? "" : " (" + by + ")")
                        + " of this user and client-id has taken over the durable subscription "
                        + Printable.of(key.name()),
                CloseCode.POLICY);
    }

    /** All nodes' durable subscriptions were lost: the client is to come back, and to ask for what there is. */
    static ProtocolException begunAnew(DurableKey key) {
        return new ProtocolException(
                "durable subscriptions began anew",
                "the durable subscription " + Printable.of(key.name())
                        + " was lost with those of all nodes; connect again",
                CloseCode.RESTARTING);
    }

    static ProtocolException inUse(DurableKey key, Durable.Attachment attachment, Durables.Holder asking) {
        Durables.Holder holder = attachment.holder();
        String which = holder == asking
                ? "this connection, as "
                        + Printable.of(String.valueOf(
                                attachment.consumer().subscriber().encoding().subscription())) + ","
                : "another connection" + (holder.name().isEmpty() ? "" : " (" + holder.name() + ")");
        return new ProtocolException(
                "subscription in use",
                which + " has the durable subscription " + Printable.of(key.name()) + " of this client-id");
    }

    /**
     * As the other one, of a connection to any node.
     *
     * @param isOwn whether it is the one that asks
     */
    static ProtocolException inUse(DurableKey key, boolean isOwn) {
        return new ProtocolException(
                "subscription in use",
                (isOwn ? "this connection" : "another connection") + " has the durable subscription "
                        + Printable.of(key.name()) + " of this client-id");
    }

    static ProtocolException notAvailable(String why) {
        return new ProtocolException("durable subscription not available", why);
    }

    static ProtocolException tooMany(int count, int limit) {
        return new ProtocolException(
                "too many durable subscriptions",
                Limits.exceeded("the broker has %,d durable subscriptions", count, limit, "max_destinations"),
                CloseCode.OVERLOAD);
    }
}
