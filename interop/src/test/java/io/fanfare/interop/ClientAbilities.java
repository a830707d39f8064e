package io.fanfare.interop;

import java.util.Set;
import java.util.stream.Stream;

/** What a family of clients can do; each says what it can't. */
abstract class ClientAbilities extends PeerTest {

    Stream<String> versions() {
        return Stream.of("1.0", "1.1", "1.2");
    }

    /** The commands that this client's API can ask a receipt for. */
    Set<String> receipts() {
        return Set.of("SEND", "SUBSCRIBE", "UNSUBSCRIBE", "BEGIN", "COMMIT", "ABORT", "ACK", "NACK");
    }

    boolean hasTransactions() {
        return true;
    }

    boolean hasHeartBeats() {
        return true;
    }

    /** Whether this client's API shows the headers of CONNECTED. */
    boolean showsConnected() {
        return true;
    }

    /** A header value with as much in it that needs escaping as this client gets right in this version. */
    String hardValue(String version) {
        return switch (version) {
            case "1.0" -> "ü=é;€ 😀";
            case "1.1" -> "a:b\\c\nd\\n:é€😀";
            default -> "a:b\\c\nd\re\\n\\r:é€😀";
        };
    }
}
