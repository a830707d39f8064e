package io.fanfare.interop;

import java.util.Set;

/** What stompjs 7 does its own way, wherever it runs. */
final class StompJs {

    /** Its API has no place for a receipt on BEGIN, COMMIT and ABORT. */
    static final Set<String> RECEIPTS = Set.of("SEND", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "NACK");

    private StompJs() {}

    /**
     * It neither escapes nor unescapes in 1.1. In 1.2 it undoes its escapes one kind after the other, so that a backslash
     * before an n, r or c comes out wrong.
     */
    static String hardValue(String version) {
        return version.equals("1.2") ? "a:b\\d\nd\re:é€😀" : "ü=é;€ 😀";
    }
}
