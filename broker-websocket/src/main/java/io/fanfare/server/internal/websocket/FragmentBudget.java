package io.fanfare.server.internal.websocket;

import io.fanfare.frame.CloseCode;
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

    /** Their bytes. */
    private long bytes;

    /** Whether a message has begun and not ended. */
    boolean isOpen() {
        return fragments > 0;
    }

    static boolean isPaid(long payload) {
        return payload >= PRICE;
    }

    /**
     * A fragment begins.
     *
     * @throws ProtocolException when they are too many for what they carry
     */
    void add(long payload, boolean last) {
        fragments++;
        bytes += payload;
        if (fragments > FREE + bytes / PRICE) {
            throw new ProtocolException(
                    "too many fragments",
                    String.format(
                            Locale.ROOT,
                            "a message of %,d B came in %,d fragments; those after the first %,d have %d B or more on"
                                    + " average",
                            bytes,
                            fragments,
                            FREE,
                            PRICE),
                    CloseCode.POLICY);
        }
        if (last) {
            fragments = 0;
            bytes = 0;
        }
    }
}
