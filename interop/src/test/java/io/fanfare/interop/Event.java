package io.fanfare.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that a client reported.
 *
 * @param kind what happened
 * @param number tells the messages of one connection apart; what an acknowledgement names
 * @param headers as the client's own API shows them
 */
record Event(Kind kind, int number, Map<String, String> headers, byte[] body) {

    enum Kind {
        CONNECTED,
        MESSAGE,
        /** Its {@code receipt-id} is the one that the order asked for. */
        RECEIPT,
        ERROR,
        /** The client has said goodbye, and holds that it was heard. */
        DISCONNECTED,
        /** The connection is gone. */
        CLOSED
    }

    private static final byte[] NO_BODY = new byte[0];

    static Event of(Kind kind, Map<String, String> headers) {
        return new Event(kind, 0, headers, NO_BODY);
    }

    static Event receipt(String id) {
        return of(Kind.RECEIPT, Map.of("receipt-id", id));
    }

    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    String text() {
        return new String(body, UTF_8);
    }

    @Override
    public String toString() {
        String text = text();
        return kind + " " + headers + " " + (text.length() > 200 ? text.substring(0, 200) + "..." : text);
    }
}
