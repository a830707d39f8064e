package io.fanfare.retention;

import io.fanfare.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * Place at which a subscription begins in what one topic keeps, decided in the step in which it joined.
 *
 * @param joined the topic's sequence at that moment
 * @param epoch of the topic's messages; null: it keeps nothing, and they have neither {@code seq} nor {@code epoch}
 * @param store what is to be sent first
 * @param after the sequence behind which that begins
 * @param count how many messages that are
 * @param recovered whether the client gets everything from where it asked to begin; null: it did not ask
 */
public record Position(
        long joined,
        Message.@Nullable Epoch epoch,
        Store store,
        long after,
        int count,
        @Nullable Boolean recovered) {

    /** Stands for all subscriptions that get the last values of the moment in which these are read. */
    public Position shareable() {
        return new Position(0, epoch, store, after, 0, recovered);
    }

    /** Whether the topic keeps anything. */
    public boolean keeps() {
        return epoch != null;
    }

    /** In a topic that keeps nothing. */
    public static Position nothing(ReplayRequest request, long sequence) {
        return new Position(
                sequence, null, Store.NOTHING, sequence, 0, request.asksForHistory() ? Boolean.FALSE : null);
    }

    /** In a topic that does not exist. */
    public static Position nothing(ReplayRequest request) {
        return nothing(request, 0);
    }

    /** What is sent before live messages. */
    public enum Store {
        NOTHING,
        /** The last value of each key. */
        VALUES,
        /** Messages of the history. */
        HISTORY
    }
}
