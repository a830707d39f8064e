package io.fanfare.nats.internal.kept;

import io.fanfare.backplane.DurableClaim;
import io.fanfare.backplane.DurableKey;
import io.fanfare.backplane.DurableProgress;
import io.fanfare.backplane.DurableRegistry;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A claim of this node. What is not final is guarded by {@link DurableClaims}, but for what its methods say. */
final class DurableHold implements DurableClaim {

    private final DurableClaims owner;
    private final DurableRegistry.Claimant claimant;

    /** As it was claimed. */
    final DurableRecord record;

    /** Completed when it may deliver. */
    final CompletableFuture<DurableClaim> ready = new CompletableFuture<>();

    /** The sequence of the claim; 0: it has not been read yet. */
    long order;

    long life;

    /** Whether it waits for the end of the connection that has it. */
    boolean isWaiting;

    /** Another one has it, or none. */
    private volatile boolean isTaken;

    /** None has it any more: there is nobody to hand it over to. */
    private volatile boolean isOver;

    private volatile boolean isLeft;
    private volatile boolean isNew;
    private volatile DurableProgress progress;
    private volatile long maybe;

    DurableHold(DurableClaims owner, DurableRecord record, DurableRegistry.Claimant claimant) {
        this.owner = owner;
        this.record = record;
        this.claimant = claimant;
        this.progress = record.progress();
    }

    DurableKey key() {
        return record.key();
    }

    String id() {
        return record.claim();
    }

    /** Whether it may deliver. */
    boolean hasBegun() {
        return ready.isDone();
    }

    /** Where it goes on. */
    void goesOn(DurableTable.Entry entry, long maybeDelivered) {
        isNew = entry.progressOrder() == 0;
        progress = entry.progress();
        maybe = maybeDelivered;
    }

    @Override
    public boolean isNew() {
        return isNew;
    }

    @Override
    public DurableProgress progress() {
        return progress;
    }

    @Override
    public long maybeDeliveredUpTo() {
        return maybe;
    }

    /** Writes down again what is known, lest it should be forgotten. */
    void refresh() {
        save(progress);
    }

    @Override
    public CompletionStage<Void> save(DurableProgress now) {
        progress = now;
        return isTaken
                ? CompletableFuture.failedFuture(taken())
                : owner.writer().write(owner.saved(this, now, isLeft, isLeft ? maybe : 0));
    }

    @Override
    public void leave(DurableProgress last, long maybeDelivered) {
        isLeft = true;
        maybe = maybeDelivered;
        // one that has been taken waits for this, and does not know else what its client has had
        if (!isOver) {
            owner.left(this, owner.saved(this, last, true, maybeDelivered));
        }
    }

    /** Another one has it: what this one has come to is handed over with {@link #leave}. */
    void taken(String other) {
        lose(Optional.of(other));
    }

    /** Ends the hold; when no other client has ended it, begins it anew. */
    void over(Optional<String> by) {
        isOver = true;
        lose(by);
    }

    private void lose(Optional<String> to) {
        boolean isFirst = !isTaken;
        isTaken = true;
        if (isFirst && !isLeft) {
            claimant.taken().by(to);
        }
        ready.completeExceptionally(taken());
    }

    /** Why it can't save any more. */
    static ProtocolException taken() {
        return new ProtocolException(
                "taken over", "another connection has the durable subscription now", CloseCode.POLICY);
    }
}
