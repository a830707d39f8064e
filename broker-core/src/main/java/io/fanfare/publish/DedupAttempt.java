package io.fanfare.publish;

import io.fanfare.message.Outcome;
import io.fanfare.message.PendingOutcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Messages of one owner that are being published; a repeat of one is answered when it is known what has become of them. No
 * lock is held meanwhile.
 */
final class DedupAttempt {

    /**
     * A message that is not published again.
     *
     * @param outcome known when that of the first is
     */
    record Repeat(Submission submission, Outcome outcome) {}

    private final DedupWindow window;
    private final List<DedupId> ids;
    private final List<Submission> fresh;
    private final List<Repeat> repeats;
    private final CompletableFuture<Outcome> effect;

    DedupAttempt(
            DedupWindow window,
            List<DedupId> ids,
            List<Submission> fresh,
            List<Repeat> repeats,
            CompletableFuture<Outcome> effect) {
        this.window = window;
        this.ids = ids;
        this.fresh = fresh;
        this.repeats = repeats;
        this.effect = effect;
    }

    /** Those that are no repeats; none while there is something {@link #undecided}. */
    List<Submission> fresh() {
        return fresh;
    }

    List<Repeat> repeats() {
        return repeats;
    }

    /** Ends when it is decided whether a message is in that one of these repeats; null: there is none, or all are decided. */
    @Nullable
    CompletionStage<Outcome> undecided() {
        for (Repeat each : repeats) {
            PendingOutcome first = each.outcome().later();
            if (first != null) {
                return first.effect().get();
            }
        }
        return null;
    }

    /**
     * Publishes those that are no repeats.
     *
     * @return what became of them; null when they wait for their delay, or there are none
     */
    @Nullable
    Outcome run(Supplier<@Nullable Outcome> publishing) {
        Outcome outcome;
        try {
            outcome = publishing.get();
        } catch (RuntimeException | Error refusal) {
            window.refuse(ids, effect);
            effect.completeExceptionally(refusal);
            throw refusal;
        }
        window.add(ids);
        if (outcome == null || outcome.later() == null || !outcome.isOpen()) {
            window.decide(ids, effect);
            effect.complete(outcome == null ? Outcome.NOTHING : outcome);
            return outcome;
        }
        CompletionStage<Outcome> later = outcome.later().effect().get();
        later.whenComplete(this::decide);
        return Outcome.accepted(effect);
    }

    /** In the window that the owner has by then. */
    private void decide(@Nullable Outcome accepted, @Nullable Throwable refusal) {
        try (DedupWindow now = window.again()) {
            // before anyone is told: a client that sends again then is no repeat
            if (refusal != null) {
                now.refuse(ids, effect);
            } else {
                now.decide(ids, effect);
            }
        }
        if (refusal != null) {
            effect.completeExceptionally(refusal);
        } else {
            effect.complete(accepted == null ? Outcome.NOTHING : accepted);
        }
    }
}
