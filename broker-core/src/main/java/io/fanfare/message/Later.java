package io.fanfare.message;

import io.fanfare.frame.ProtocolException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Fate of a message beyond this process, which is known later.
 *
 * @param isNeeded whether the message is not accepted before that; otherwise it matters to a RECEIPT alone
 * @param effect gives the whole effect, as the RECEIPT tells it, when it is there; or a {@link ProtocolException} that says why
 *     the message is refused. Asked at most once by the thread that has published
 */
public record Later(boolean isNeeded, Supplier<CompletionStage<Outcome>> effect) {

    /** The effect of two messages. */
    Later and(Later other) {
        return new Later(isNeeded || other.isNeeded, () -> effect.get().thenCombine(other.effect.get(), Outcome::plus));
    }
}
