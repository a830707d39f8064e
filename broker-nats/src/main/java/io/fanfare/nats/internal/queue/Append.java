package io.fanfare.nats.internal.queue;

import io.fanfare.message.Outcome;
import java.util.concurrent.CompletableFuture;

/** A message on its way into a queue's stream. Owned by the worker, but for its result. */
final class Append {

    private final SharedQueueStream queue;
    private final byte[] record;
    private final String id;
    private final boolean isOwnId;
    private final long deadline;
    private final CompletableFuture<Outcome> result = new CompletableFuture<>();

    private State state = State.WAITING;
    private long number;
    private int attempts;
    private long sentAt;
    private boolean counted;

    /** What is known of it. */
    enum State {
        /** Not sent yet. */
        WAITING,
        /** Sent, or asked for; the engine has not answered. */
        OUT,
        /** Sent, and the line ended: the stream has the message or not. */
        UNSURE,
        /** Sent, and the stream has not taken the message. */
        NOT_TAKEN,
        /** Done with. */
        OVER
    }

    /**
     * A message that has not been sent.
     *
     * @param id by which the engine knows a repeat of it
     * @param isOwnId whether no message can have the id but this one
     * @param deadline after which it is refused, by {@link System#nanoTime}
     */
    Append(SharedQueueStream queue, byte[] record, String id, boolean isOwnId, long deadline) {
        this.queue = queue;
        this.record = record;
        this.id = id;
        this.isOwnId = isOwnId;
        this.deadline = deadline;
    }

    SharedQueueStream queue() {
        return queue;
    }

    byte[] record() {
        return record;
    }

    String id() {
        return id;
    }

    CompletableFuture<Outcome> result() {
        return result;
    }

    boolean isOver(long now) {
        return now - deadline >= 0;
    }

    State state() {
        return state;
    }

    void become(State now) {
        state = now;
    }

    /** Place among all messages of this node. */
    long number() {
        return number;
    }

    void number(long place) {
        number = place;
    }

    /** Notes that the message goes to the engine, once more. */
    void goes(long now) {
        attempts++;
        sentAt = now;
        state = State.OUT;
    }

    /** When it was sent last, by {@link System#nanoTime}. */
    long sentAt() {
        return sentAt;
    }

    /** Whether it counts as one of those that are with the engine; returns what was before. */
    boolean isCounted(boolean now) {
        boolean before = counted;
        counted = now;
        return before;
    }

    int attempts() {
        return attempts;
    }

    /** What the engine's word means that it has the message already: of one that was sent twice, the first may have come. */
    Outcome outcome(boolean duplicate) {
        return duplicate && !isOwnId && attempts == 1 ? Outcome.DUPLICATE : new Outcome(1, 0, 1, 0);
    }
}
