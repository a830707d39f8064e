package io.fanfare.testkit;

/**
 * End of a connection.
 *
 * @param code of the broker's WebSocket Close; 0: none came, as over TCP
 * @param reason that came with it; may be empty
 */
public record CloseStatus(int code, String reason) {

    @Override
    public String toString() {
        return code == 0 ? "without a Close" : code + " " + reason;
    }
}
