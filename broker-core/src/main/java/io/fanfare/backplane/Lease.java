package io.fanfare.backplane;

import io.fanfare.frame.ProtocolException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A message of a shared queue that this node has taken: no other node has it until it is given back, or this node is gone. One of
 * the methods that end it is called, once, by any thread; none of them blocks. Their stages are completed by any thread when the
 * engine has confirmed the end, and fail with a {@link ProtocolException} when it has not for a long time; the message may come
 * again then.
 */
public interface Lease {

    /** A name that the message has at every node and at each delivery, and no other message has. */
    String id();

    /**
     * Whether nodes may have got the message before without the engine knowing of it: consumers are told so, and it
     * counts for nothing else.
     */
    default boolean isDoubtful() {
        return false;
    }

    /** The message is done with: it never comes again once the stage is complete. */
    CompletionStage<Void> settle();

    /**
     * Any node may have the message again.
     *
     * @param millis time before that; 0: at once
     */
    CompletionStage<Void> giveBack(long millis);

    /** The message is of no use any more: as {@link #settle}, but no consumer has had the good of it. */
    CompletionStage<Void> discard();

    /** Completed when both are; null: neither is to come. */
    static @Nullable CompletionStage<Void> both(
            @Nullable CompletionStage<Void> one, @Nullable CompletionStage<Void> other) {
        return one == null ? other : other == null ? one : one.thenCombine(other, (first, second) -> second);
    }
}
