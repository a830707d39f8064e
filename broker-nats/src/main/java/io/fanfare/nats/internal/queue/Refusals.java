package io.fanfare.nats.internal.queue;

import io.fanfare.backplane.QueueLimits;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import java.time.Duration;

/**
 * ERRORs that tell clients why a message does not get into its stream.
 *
 * @param patience how long a message waits for the engine
 */
record Refusals(QueueLimits limits, Duration patience) {

    /** What the engine's words mean. */
    ProtocolException of(Append append, String words) {
        String address = append.queue().address();
        if (words.contains(Answer.FULL_OF_MESSAGES)) {
            return new ProtocolException(
                    "queue full",
                    Limits.exceeded(
                            escaped(address) + " holds %,d messages",
                            limits.messages(),
                            limits.messages(),
                            "max_queue_messages"));
        }
        if (words.contains(Answer.FULL_OF_BYTES)) {
            return new ProtocolException(
                    "queue full",
                    Limits.exceeded(
                            escaped(address) + " has no room for %,d B more",
                            append.record().length,
                            limits.bytes(),
                            "max_queue_bytes"));
        }
        return new ProtocolException("queue unavailable", address + ": " + words);
    }

    private static String escaped(String address) {
        return address.replace("%", "%%");
    }

    /** Refusal of a message that has waited too long. */
    ProtocolException late(Append append) {
        return new ProtocolException(
                "queue unavailable",
                append.queue().address() + " could not be reached for " + patience.toMillis() + " ms"
                        + append.queue().trouble()
                        + (append.attempts() == 0 ? "" : "; the message may be there all the same"));
    }

    /** Refusal of a message whose stream has a later one. */
    ProtocolException overtaken(Append append) {
        return new ProtocolException(
                "queue unavailable",
                append.queue().address()
                        + " has not taken the message, and has taken one of the same sender that came behind it"
                        + append.queue().trouble());
    }
}
