package io.fanfare.frame;

import org.jspecify.annotations.Nullable;

/** A frame that the other side should not have sent. The text is meant for that side: it says what was wrong. */
public final class ProtocolException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String summary;
    private final CloseCode closeCode;
    private final @Nullable String receipt;

    /** A violation whose short and long text are the same. */
    public ProtocolException(String summary) {
        this(summary, summary);
    }

    /**
     * A violation of the protocol.
     *
     * @param summary a few words, for ERROR's {@code message} header
     * @param detail a sentence, for ERROR's body
     */
    public ProtocolException(String summary, String detail) {
        this(summary, detail, CloseCode.PROTOCOL_ERROR);
    }

    public ProtocolException(String summary, String detail, CloseCode closeCode) {
        this(summary, detail, closeCode, null);
    }

    private ProtocolException(String summary, String detail, CloseCode closeCode, @Nullable String receipt) {
        // bad input is not our failure: no stack trace is worth its cost
        super(detail, null, false, false);
        this.summary = summary;
        this.closeCode = closeCode;
        this.receipt = receipt;
    }

    /** The same violation, by a frame that asked for this receipt. */
    ProtocolException withReceipt(@Nullable String id) {
        return new ProtocolException(summary, detail(), closeCode, id);
    }

    public String summary() {
        return summary;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public CloseCode closeCode() {
        return closeCode;
    }

    /** The {@code receipt} the offending frame asked for, as far as it had been read. */
    public @Nullable String receipt() {
        return receipt;
    }
}
