package io.fanfare.testkit;

import io.fanfare.testkit.wire.StompFrame;
import java.time.Duration;

/** A frame that was sent with a {@code receipt}. Any thread may call. */
public final class PendingReceipt {

    private final Inbox inbox;
    private final StompFrame sent;
    private final String id;
    private final Duration timeout;

    PendingReceipt(Inbox inbox, StompFrame sent, String id, Duration timeout) {
        this.inbox = inbox;
        this.sent = sent;
        this.id = id;
        this.timeout = timeout;
    }

    /**
     * Waits for the RECEIPT: the broker has done what the frame asked for.
     *
     * @throws AssertionError when it does not come in time, or an ERROR comes instead
     */
    public StompFrame awaitReceipt() {
        return awaitReceipt(timeout);
    }

    /** Waits for the RECEIPT at most this long; see {@link #awaitReceipt()}. */
    public StompFrame awaitReceipt(Duration most) {
        StompFrame answer = inbox.answer(id, most, "the RECEIPT of\n" + sent);
        if (!answer.command().equals("RECEIPT")) {
            throw new AssertionError("expected the RECEIPT of\n" + sent + "\nbut got\n" + answer);
        }
        return answer;
    }

    /**
     * Waits for the ERROR by which the broker refuses the frame.
     *
     * @throws AssertionError when a RECEIPT comes instead, or nothing in time
     */
    public StompFrame awaitError() {
        StompFrame answer = inbox.answer(id, timeout, "an ERROR that answers\n" + sent);
        if (!answer.command().equals("ERROR")) {
            throw new AssertionError("expected an ERROR that answers\n" + sent + "\nbut got\n" + answer);
        }
        return answer;
    }
}
