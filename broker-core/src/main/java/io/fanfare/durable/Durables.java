package io.fanfare.durable;

import io.fanfare.backplane.DurableKey;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.queue.QueueSubscriber;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.status.DurableSubscriptionStatus;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Subscriptions to topics that go on while their client is away. Any thread may call, except where a method says otherwise. */
public interface Durables {

    /**
     * The connection that wants a durable subscription.
     *
     * @param name what other connections of its user are told about it; empty: nothing
     * @param quota counts its destinations
     * @param allowed whether its user may subscribe to all of these; any thread may ask
     * @param evict closes the connection, for this reason; called on its loop
     */
    record Holder(
            String name,
            BrokerLoop loop,
            DestinationQuota quota,
            Predicate<List<Destination>> allowed,
            Consumer<ProtocolException> evict) {}

    /**
     * What has begun with a SUBSCRIBE.
     *
     * @param undo what to run when the subscriber goes, on its loop
     * @param later headers of the RECEIPT when it has really begun, or the {@link ProtocolException} with which it is refused;
     *     completed on the loop. Null: it has begun
     */
    record Begun(Runnable undo, @Nullable CompletionStage<Headers> later) {}

    /**
     * What has become of a durable subscription that was to end for good.
     *
     * @param isFound whether there was one
     * @param later completed when it does not come back; null: it does not
     */
    record Ended(boolean isFound, @Nullable CompletionStage<Void> later) {}

    /**
     * Goes on with the durable subscription of this key, or begins it; called on the holder's loop. A connection that has
     * it loses it, and is closed: its client has come back, and the old socket lingers.
     *
     * @throws ProtocolException when the same connection has it already, or there is no room; nothing has changed then
     */
    Begun subscribe(DurableKey key, List<Destination> destinations, QueueSubscriber subscriber, Holder holder);

    /**
     * Makes sure that a connection may end a durable subscription for good.
     *
     * @param own the connection's subscription that ends with it; null: none
     * @throws ProtocolException when another subscription has it
     */
    void checkDelete(DurableKey key, @Nullable QueueSubscriber own, Holder asking);

    /**
     * Ends a durable subscription for good.
     *
     * @throws ProtocolException when a connection has it
     */
    Ended delete(DurableKey key, Holder asking);

    /** Permissions have changed: an absent client's subscription that its user may not have any more ends. */
    void permissionsChanged();

    /** Ends the durable subscription of an absent client; false: there is none, or its client is not absent. */
    boolean endAway(DurableKey key);

    /** Ends those of all absent clients. */
    void endAllAway();

    /** What operators see of each; ones that come or go meanwhile may be among them. */
    Stream<DurableSubscriptionStatus> status();

    /** The number of durable subscriptions, those of absent clients included. */
    int count();
}
