package io.fanfare.client;

import io.fanfare.frame.Frame;
import java.security.cert.CertPathBuilderException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The reason why a connection, or one request on it, failed. The message is a sentence for people. */
public final class StompException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int MAX_BODY_CHARS = 500;
    private static final int NO_CODE = -1;

    /** Close codes of a refusal: policy; token expired; closed by an operator. */
    private static final Set<Integer> REFUSALS = Set.of(1008, 4401, 4403);

    /** What a program can tell its user, or decide by. */
    public enum Reason {
        /** No broker answers: nothing listens, no such host, or no WebSocket at this path. */
        UNREACHABLE,
        /** TLS failed; mostly the broker's certificate is not trusted. */
        UNTRUSTED,
        /** The broker refuses these credentials, this action, or this Origin. */
        REFUSED,
        /** No answer to the attempt to connect within the time that was set. */
        TIMED_OUT,
        /** Anything else: a bad request, a broken connection, a broker that ends. */
        OTHER
    }

    private final transient @Nullable Frame error;
    private final int closeCode;
    private final Reason reason;

    StompException(String message) {
        this(message, null);
    }

    StompException(String message, @Nullable Throwable cause) {
        this(Reason.OTHER, message, cause);
    }

    StompException(Reason reason, String message, @Nullable Throwable cause) {
        this(reason, message, cause, null, NO_CODE);
    }

    private StompException(
            Reason reason, String message, @Nullable Throwable cause, @Nullable Frame error, int closeCode) {
        super(message, cause);
        this.reason = reason;
        this.error = error;
        this.closeCode = closeCode;
    }

    /** The broker's ERROR, after which it ends the connection. */
    static StompException error(Frame error) {
        return new StompException(Reason.OTHER, "the broker refused: " + textOf(error), null, error, NO_CODE);
    }

    /** The broker's Close, behind its ERROR where one came. */
    static StompException closed(@Nullable Frame error, int code, String reason) {
        String why = error != null ? textOf(error) : reason.isEmpty() ? "no reason given" : reason;
        String sentence = "the broker closed the connection: " + why + " (" + code + ")";
        return new StompException(REFUSALS.contains(code) ? Reason.REFUSED : Reason.OTHER, sentence, null, error, code);
    }

    /**
     * A TLS connection that failed, in words: of an untrusted certificate Java says the names of its classes.
     *
     * @param address of the broker, for people
     */
    static StompException untrusted(Object address, SSLException why) {
        String sentence = why.getMessage();
        for (Throwable each = why.getCause(); each != null; each = each.getCause()) {
            if (each instanceof CertPathBuilderException) {
                sentence = "no authority that is trusted here has signed its certificate";
            }
        }
        return new StompException(Reason.UNTRUSTED, "TLS with " + address + " failed: " + sentence, why);
    }

    /** The same reason, behind what it prevented. */
    StompException preventing(String what) {
        return new StompException(reason, what + ": " + getMessage(), this, error, closeCode);
    }

    /** The kind of failure. Brokers other than Fanfare may refuse with a close code that does not tell: {@code OTHER}. */
    public Reason reason() {
        return reason;
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
        return message.isEmpty() || cut.startsWith(message) ? cut : message + ": " + cut;
    }
}
