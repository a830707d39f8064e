package io.fanfare.client;

import io.fanfare.frame.Frame;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The reason why a connection, or one request on it, failed. The message is a sentence for people. */
public final class StompException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int MAX_BODY_CHARS = 500;
    private static final int NO_CODE = -1;

    private final transient @Nullable Frame error;
    private final int closeCode;

    StompException(String message) {
        this(message, null);
    }

    StompException(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.error = null;
        this.closeCode = NO_CODE;
    }

    private StompException(String message, @Nullable Throwable cause, @Nullable Frame error, int closeCode) {
        super(message, cause);
        this.error = error;
        this.closeCode = closeCode;
    }

    /** The broker's ERROR, after which it ends the connection. */
    static StompException error(Frame error) {
        return new StompException("the broker refused: " + textOf(error), null, error, NO_CODE);
    }

    /** The broker's Close, behind its ERROR where one came. */
    static StompException closed(@Nullable Frame error, int code, String reason) {
        String why = error != null ? textOf(error) : reason.isEmpty() ? "no reason given" : reason;
        return new StompException("the broker closed the connection: " + why + " (" + code + ")", null, error, code);
    }

    /** The same reason, behind what it prevented. */
    StompException preventing(String what) {
        return new StompException(what + ": " + getMessage(), this, error, closeCode);
    }

    /** The frame by which the broker refused: its {@code message} header is a few words, its body says more. */
    public Optional<Frame> error() {
        return Optional.ofNullable(error);
    }

    /** The WebSocket close code (RFC 6455 7.4), when the broker closed the connection and said why. */
    public OptionalInt closeCode() {
        return closeCode == NO_CODE ? OptionalInt.empty() : OptionalInt.of(closeCode);
    }

    private static String textOf(Frame error) {
        String message = error.headers().find("message").orElse("");
        String body = error.bodyAsString().strip();
        if (body.isEmpty() || body.equals(message)) {
            return message.isEmpty() ? "no reason given" : message;
        }
        String cut = body.length() > MAX_BODY_CHARS ? body.substring(0, MAX_BODY_CHARS) + "..." : body;
        return message.isEmpty() ? cut : message + ": " + cut;
    }
}
