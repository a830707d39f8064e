package io.fanfare.frame;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The first line of a frame. Names are case-sensitive (STOMP 1.2, Augmented BNF). */
public enum Command {
    SEND,
    MESSAGE,
    ACK,
    NACK,
    SUBSCRIBE,
    UNSUBSCRIBE,
    BEGIN,
    COMMIT,
    ABORT,
    CONNECT,
    STOMP,
    DISCONNECT,
    CONNECTED,
    RECEIPT,
    ERROR;

    private static final Command[] VALUES = values();

    private final byte[] bytes = name().getBytes(StandardCharsets.US_ASCII);

    /** STOMP 1.2, Body: only SEND, MESSAGE and ERROR frames may have one. */
    public boolean mayHaveBody() {
        return this == SEND || this == MESSAGE || this == ERROR;
    }

    /** CONNECT, its twin STOMP, and CONNECTED are never escaped, whatever the version (STOMP 1.2, Value Encoding). */
    public boolean isEscaped() {
        return this != CONNECT && this != STOMP && this != CONNECTED;
    }

    /** As errors speak of it: {@code a SEND}, {@code an ACK}. */
    public String withArticle() {
        return ("AEIOU".indexOf(name().charAt(0)) < 0 ? "a " : "an ") + this;
    }

    byte[] bytes() {
        return bytes;
    }

    /** The command spelled by these bytes, or null when there is none. */
    static @Nullable Command of(byte[] line, int from, int to) {
        for (Command command : VALUES) {
            byte[] name = command.bytes;
            if (name.length == to - from && java.util.Arrays.equals(name, 0, name.length, line, from, to)) {
                return command;
            }
        }
        return null;
    }
}
