package io.fanfare.nats.internal.queue;

import io.fanfare.nats.internal.queue.Append.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pipeline of the messages of one sender to one queue, which keep their order. Several may be sent before the first is
 * confirmed; one that the stream has not taken is sent again only when it is known of all behind it that they were not taken
 * either. Owned by the worker.
 */
final class AppendPipeline {

    private final Key key;

    /** Those that have been sent and are not over, in their order. */
    private final ArrayDeque<Append> sent = new ArrayDeque<>(2);

    /** Those behind them. */
    private final ArrayDeque<Append> waiting = new ArrayDeque<>(2);

    /** The highest number of one that the stream has. */
    private long lastThere;

    /** Whether nothing is sent until all that has been sent is known about. */
    private boolean held;

    /** Whether nothing is sent for a moment. */
    private boolean paused;

    /** Whether it has its turn soon, or when something has happened. */
    private boolean hasTurn;

    /**
     * What a pipeline is for.
     *
     * @param sender null: messages of the broker itself
     */
    record Key(SharedQueueStream queue, @Nullable Object sender) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.queue == queue && key.sender == sender;
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(queue) + System.identityHashCode(sender);
        }
    }

    AppendPipeline(Key key) {
        this.key = key;
    }

    Key key() {
        return key;
    }

    SharedQueueStream queue() {
        return key.queue();
    }

    void add(Append append) {
        waiting.add(append);
    }

    /** Takes its turn in the order of pipelines; false: it has one, or nothing to send. */
    boolean takesTurn() {
        boolean takes = !hasTurn && !held && !paused && !waiting.isEmpty();
        hasTurn |= takes;
        return takes;
    }

    /** Lets no further turn come until this one {@linkplain #hadTurn is over}. */
    void waitsForTurn() {
        hasTurn = true;
    }

    /** Ends the turn. */
    void hadTurn() {
        hasTurn = false;
    }

    /** Whether one more may be sent where so many may be out. */
    boolean maySend(int window) {
        return !held && !paused && !waiting.isEmpty() && sent.size() < window;
    }

    /** The next one, which goes to the engine. */
    Append next(long now) {
        Append next = waiting.remove();
        sent.add(next);
        next.goes(now);
        return next;
    }

    /**
     * The stream has one.
     *
     * @return whether those before it that were not taken are to be asked for once more: that may have changed meanwhile, and if it
     *     has not, they must not come behind it
     */
    boolean isThere(Append append) {
        lastThere = Math.max(lastThere, append.number());
        over(append);
        boolean isOvertaking = false;
        if (held) {
            for (Append each : sent) {
                if (each.state() == State.NOT_TAKEN && isOvertaken(each)) {
                    each.become(State.UNSURE);
                    isOvertaking = true;
                }
            }
        }
        return isOvertaking;
    }

    /** The stream has not taken one that was sent; returns whether it is to be asked for once more, as {@link #isThere}. */
    boolean isNotTaken(Append append) {
        held = true;
        append.become(isOvertaken(append) ? State.UNSURE : State.NOT_TAKEN);
        return append.state() == State.UNSURE;
    }

    /** Whether the stream has one that came behind it. */
    boolean isOvertaken(Append append) {
        return append.number() < lastThere;
    }

    /** Removes a message that is done with. */
    void over(Append append) {
        append.become(State.OVER);
        if (append == sent.peek()) {
            sent.remove();
        } else if (!sent.remove(append)) {
            waiting.remove(append);
        }
    }

    /** Of what is out, nothing is known any more. */
    void isUnsure() {
        sent.stream().filter(each -> each.state() == State.OUT).forEach(each -> each.become(State.UNSURE));
        held |= !sent.isEmpty();
    }

    /** Those that are to be asked for. */
    List<Append> unsure() {
        return sent.stream().filter(each -> each.state() == State.UNSURE).toList();
    }

    /** Whether no other is with the engine, and the stream has none that came behind it. */
    boolean isAlone(Append append) {
        return sent.size() == 1 && !isOvertaken(append);
    }

    /** Whether all that was sent is known about, and some is to be sent again, after a pause. */
    boolean goesBack() {
        if (!held || !sent.stream().allMatch(each -> each.state() == State.NOT_TAKEN)) {
            return false;
        }
        held = false;
        boolean goes = !sent.isEmpty();
        paused |= goes;
        while (!sent.isEmpty()) {
            Append last = sent.removeLast();
            last.become(State.WAITING);
            waiting.addFirst(last);
        }
        return goes;
    }

    /** The pause is over. */
    void resume() {
        paused = false;
    }

    /** Whether the engine has been silent for too long about the oldest one that is out. */
    boolean isSilent(Appends.Times times, long now) {
        Append first = oldest();
        if (first == null) {
            return false;
        }
        long age = now - first.sentAt();
        long silence = times.silence().toNanos();
        boolean isQueueSilent = now - queue().answeredAt() >= silence;
        return age >= times.longest().toNanos() || (age >= silence && (isQueueSilent || isAlone(first)));
    }

    private @Nullable Append oldest() {
        for (Append each : sent) {
            if (each.state() == State.OUT) {
                return each;
            }
        }
        return null;
    }

    /** Those that have waited too long, and are not with the engine. */
    List<Append> late(long now) {
        List<Append> late = new ArrayList<>();
        for (Append each : sent) {
            if (each.state() != State.OUT && each.isOver(now)) {
                late.add(each);
            }
        }
        for (Append each : waiting) {
            if (!each.isOver(now)) {
                break;
            }
            late.add(each);
        }
        return late;
    }

    /** All of them. */
    List<Append> all() {
        List<Append> all = new ArrayList<>(sent);
        all.addAll(waiting);
        return all;
    }

    boolean isEmpty() {
        return sent.isEmpty() && waiting.isEmpty();
    }
}
