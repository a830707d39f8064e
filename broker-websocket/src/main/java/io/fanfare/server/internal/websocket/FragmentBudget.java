package io.fanfare.server.internal.websocket;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import java.util.Locale;

/**
 * Budget for what a message in fragments may cost: each fragment takes a run of its decoder, whatever it carries. Owned
 * by the connection's loop.
 */
final class FragmentBudget {

    /** Fragments of a message that may be of any size. */
    private static final int FREE = 1024;

    /** Bytes that pay for a fragment. */
    private static final int PRICE = 64;

    /** Fragments so far of the message that is under way, the last one announced included. */
    private int fragments;

    /** Bytes of these fragments. */
    private long bytes;

    /** Whether a message has begun and not ended. */
    boolean isOpen() {
        return fragments > 0;
    }

    static boolean isPaid(long payload) {
        return payload >= PRICE;
    }

    /**
     * Counts a fragment that begins.
     *
     * @throws ProtocolException when they are too many for what they carry
     */
    void add(long payload, boolean last) {
        fragments++;
        bytes += payload;
        long limit = FREE + bytes / PRICE;
        if (fragments > limit) {
            String what = String.format(Locale.ROOT, "a message of %,d B has ", bytes) + "%,d fragments";
            String rule = String.format(Locale.ROOT, " (%,d and one more for each %d B)", FREE, PRICE);
            throw new ProtocolException(
                    "too many fragments", Limits.exceeded(what, fragments, limit) + rule, CloseCode.POLICY);
        }
        if (last) {
            fragments = 0;
            bytes = 0;
        }
    }
}
