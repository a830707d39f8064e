package io.fanfare.loop;

/**
 * Moves what waits elsewhere into an outbox that has drained, a part in each turn, so that other connections of the loop have
 * theirs between. Owned by the outbox's loop.
 */
public final class Refill {

    private final Outbox outbox;
    private final Runnable part;

    /** Whether the next part has been handed to another turn. */
    private boolean scheduled;

    /**
     * Nothing to move yet.
     *
     * @param part moves the next part
     */
    public Refill(Outbox outbox, Runnable part) {
        this.outbox = outbox;
        this.part = part;
    }

    /** Something waits and the outbox has drained: the next part follows in the next turn. */
    public void drained() {
        assert outbox.loop().isCurrent();
        if (!scheduled) {
            scheduled = true;
            outbox.loop().execute(this::run);
        }
    }

    private void run() {
        scheduled = false;
        if (outbox.isBlocked()) {
            // it says when it is not any more
            return;
        }
        part.run();
        // also when nothing was moved, or the rest goes in yet another turn
        outbox.touch();
    }
}
