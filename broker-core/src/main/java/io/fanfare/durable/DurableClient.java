package io.fanfare.durable;

import io.fanfare.backplane.DurableKey;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Destination;
import io.fanfare.message.HeaderValues;
import io.fanfare.options.ConnectionLimits;
import io.fanfare.queue.QueueSubscriber;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The durable subscriptions of one connected client. Owned by its loop. */
public final class DurableClient {

    private final Durables durables;
    private final ConnectionLimits limits;
    private final String user;
    private final @Nullable String clientId;
    private final Durables.@Nullable Holder holder;

    /**
     * A client.
     *
     * @param user empty: anonymous
     * @param clientId null: it has none, and can have none of these
     * @param holder of one that can; not asked otherwise
     */
    public DurableClient(
            Durables durables,
            ConnectionLimits limits,
            String user,
            @Nullable String clientId,
            Supplier<Durables.Holder> holder) {
        this.durables = durables;
        this.limits = limits;
        this.user = user;
        this.clientId = clientId;
        this.holder = clientId == null ? null : holder.get();
    }

    /**
     * Begins one, or goes on with it.
     *
     * @param bind takes what to run when the subscriber goes
     * @return headers of the RECEIPT when it has begun; null: it has
     */
    public @Nullable CompletionStage<Headers> subscribe(
            String name, List<Destination> destinations, QueueSubscriber subscriber, Consumer<Runnable> bind) {
        Durables.Begun begun = durables.subscribe(key(name), destinations, subscriber, holder());
        bind.accept(begun.undo());
        return begun.later();
    }

    private DurableKey key(String name) {
        if (clientId == null) {
            throw new ProtocolException(
                    "missing client-id", "a durable subscription needs the header client-id on CONNECT");
        }
        return new DurableKey(user, clientId, HeaderValues.id("the subscription's name", name, limits));
    }

    private Durables.Holder holder() {
        Durables.Holder own = Objects.requireNonNull(holder);
        assert own.loop().isCurrent();
        return own;
    }

    /** Whether it can have any. */
    public boolean isNamed() {
        return clientId != null;
    }

    /** As {@link Durables#checkDelete}. */
    public void checkDelete(String name, @Nullable QueueSubscriber own) {
        durables.checkDelete(key(name), own, holder());
    }

    /** As {@link Durables#delete}. */
    public Durables.Ended delete(String name) {
        return durables.delete(key(name), holder());
    }
}
