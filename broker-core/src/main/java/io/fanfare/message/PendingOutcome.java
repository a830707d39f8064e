package io.fanfare.message;

import io.fanfare.frame.ProtocolException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Outcome of a message beyond this process, which is not known yet.
 *
 * @param isNeeded whether the message is not accepted before that; otherwise it matters to a RECEIPT alone
 * @param effect gives the whole effect, as the RECEIPT tells it, when it is there; or a {@link ProtocolException} that says why
 *     the message is refused. Asked at most once by the thread that has published
 */
public record PendingOutcome(boolean isNeeded, Supplier<CompletionStage<Outcome>> effect) {

    /** The effect of two messages. */
    PendingOutcome and(PendingOutcome other) {
        return new PendingOutcome(
                isNeeded || other.isNeeded, () -> effect.get().thenCombine(other.effect.get(), Outcome::plus));
    }
}
