package io.fanfare.durable;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Limits;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;

/** What clients are told when a durable subscription is refused them, or another connection takes it. */
final class Refusals {

    private Refusals() {}

    static ProtocolException takenOver(DurableSubscriptions.Key key, DurableSubscriptions.Holder by) {
        return new ProtocolException(
                "taken over",
                "another connection" + (by.name().isEmpty() ? "" : " (" + by.name() + ")")
                        + " of this user and client-id has taken over the durable subscription "
                        + Printable.of(key.name()),
                CloseCode.POLICY);
    }

    static ProtocolException inUse(
            DurableSubscriptions.Key key, Durable.Attachment attachment, DurableSubscriptions.Holder asking) {
        DurableSubscriptions.Holder holder = attachment.holder();
        String which = holder == asking
                ? "this connection, as "
                        + Printable.of(String.valueOf(
                                attachment.consumer().subscriber().encoding().subscription())) + ","
                : "another connection" + (holder.name().isEmpty() ? "" : " (" + holder.name() + ")");
        return new ProtocolException(
                "subscription in use",
                which + " has the durable subscription " + Printable.of(key.name()) + " of this client-id");
    }

    static ProtocolException tooMany(int count, int limit) {
        return new ProtocolException(
                "too many durable subscriptions",
                Limits.exceeded("the broker has %,d durable subscriptions", count, limit, "max_destinations"),
                CloseCode.OVERLOAD);
    }
}
