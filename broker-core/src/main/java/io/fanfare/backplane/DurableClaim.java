package io.fanfare.backplane;

import io.fanfare.frame.ProtocolException;
import java.util.concurrent.CompletionStage;

/** The right of a connection to the messages of a durable subscription, until another one claims it. Any thread may call. */
public interface DurableClaim {

    /** Whether the durable subscription has begun with this. */
    boolean isNew();

    /** How far it has come. */
    DurableProgress progress();

    /**
     * Messages up to this number may have been delivered, although {@link #progress} does not tell: the connection before has
     * ended without a word, with its node or that node's connection.
     */
    long maybeDeliveredUpTo();

    /**
     * Keeps how far it has come now, also after {@link #leave}; completed when that outlives this node, and no other claim came
     * before. Fails with a {@link ProtocolException} when the claim is none any more, or nothing keeps it for a long time.
     */
    CompletionStage<Void> save(DurableProgress now);

    /**
     * The client goes, and its durable subscription stays.
     *
     * @param maybeDeliveredUpTo as {@link #maybeDeliveredUpTo}, for the next claim; 0: the progress tells all
     */
    void leave(DurableProgress last, long maybeDeliveredUpTo);
}
