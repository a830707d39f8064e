package io.fanfare.backplane;

import io.fanfare.frame.ProtocolException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The durable subscriptions of all nodes. Any thread may call; none of the calls blocks. */
public interface DurableRegistry {

    /**
     * The connection that claims one.
     *
     * @param name what the connection before is told about it; empty: nothing
     * @param taken told, once, by any thread, when another one has it, with that one's name; empty: no other one has it, as all
     *     durable subscriptions were lost. A claim that has not begun by then fails, behind this
     */
    record Claimant(String name, Takeover taken) {}

    /** Told that a claim is none any more. */
    @FunctionalInterface
    interface Takeover {
        void by(Optional<String> other);
    }

    /** One of them, as this node knows it. */
    record Entry(DurableKey key, DurableTerms terms, boolean isConnected) {}

    /** There are none, and none can begin. */
    DurableRegistry NONE = new DurableRegistry() {

        @Override
        public CompletionStage<DurableClaim> claim(
                DurableKey key, DurableTerms terms, DurableProgress start, Claimant claimant) {
            return CompletableFuture.failedFuture(new ProtocolException(
                    "durable subscription not available", "what connects the nodes keeps no durable subscriptions"));
        }

        @Override
        public CompletionStage<Void> end(DurableKey key) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public Optional<Entry> get(DurableKey key) {
            return Optional.empty();
        }

        @Override
        public List<Entry> all() {
            return List.of();
        }
    };

    /**
     * Takes over the durable subscription of this key, or begins it. The connection that has it, at whatever node, loses it.
     * Claims and ends of one key that one node asks for happen in their order.
     *
     * @param start where it begins, unless there is one of these terms
     * @return fails with a {@link ProtocolException} when it can't be had
     */
    CompletionStage<DurableClaim> claim(DurableKey key, DurableTerms terms, DurableProgress start, Claimant claimant);

    /** Ends it for good; completed when it does not come back. */
    CompletionStage<Void> end(DurableKey key);

    /** The one of this key; empty: there is none. */
    Optional<Entry> get(DurableKey key);

    List<Entry> all();
}
