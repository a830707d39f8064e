package io.fanfare.server.internal.websocket;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.server.internal.net.Inflaters;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The compressed message of one connection (RFC 7692 7.2.2): kept as it came until it is whole, so that a client holds no
 * more memory than it has sent; then inflated part by part. Between messages it has nothing. Owned by the connection's loop.
 */
final class CompressedMessage {

    private static final byte[] NOTHING = {};

    /**
     * What the sender has left out, and behind it an empty last block: a message that does not reach that block's end
     * exactly has been cut off.
     */
    private static final byte[] END = {0, 0, (byte) 0xFF, (byte) 0xFF, 1, 0, 0, (byte) 0xFF, (byte) 0xFF};

    /** A sender may end a message with a last block (RFC 7692 7.2.3.4); each more makes the decompressor begin anew. */
    private static final int MAX_STREAMS = 64;

    private final Inflaters inflaters;
    private byte[] input = NOTHING;
    private int length;

    /** Whether the input is an array of the caller's, valid until it returns. */
    private boolean borrowed;

    /** Null until the message is whole. */
    private @Nullable Inflater inflater;

    private boolean endGiven;
    private int streams;

    CompressedMessage(Inflaters inflaters) {
        this.inflaters = inflaters;
    }

    /** The most octets of a compressed message that may inflate to so many: DEFLATE makes noise longer. */
    static long mostOctetsFor(int inflated) {
        return inflated + (inflated >>> 8) + 64L;
    }

    int length() {
        return length;
    }

    /**
     * Adds octets.
     *
     * @param octets may be used without being copied until the caller returns, when they are a whole message
     * @param isWhole whether the message ends with them
     */
    void add(byte[] octets, int count, boolean isWhole) {
        if (length == 0 && isWhole) {
            input = octets;
            borrowed = true;
        } else {
            if (length + count > input.length) {
                input = Arrays.copyOf(input, Math.max(length + count, 2 * length));
            }
            System.arraycopy(octets, 0, input, length, count);
        }
        length += count;
    }

    /** Where {@link #next} leaves what it inflates, until the next call for any message of this loop. */
    byte[] output() {
        return inflaters.output();
    }

    /**
     * Inflates a part of the message, which is whole.
     *
     * @return how many octets stand in {@link #output}; 0: the message has ended
     * @throws ProtocolException when it is not DEFLATE data
     */
    int next() {
        if (length == 0 && inflater == null) {
            return 0;
        }
        try {
            Inflater current = inflater == null ? begin() : inflater;
            while (true) {
                int count = current.inflate(output());
                if (count > 0) {
                    return count;
                }
                if (current.finished()) {
                    if (!beginsAnew(current)) {
                        return 0;
                    }
                } else if (!endGiven && current.needsInput()) {
                    current.setInput(END);
                    endGiven = true;
                } else {
                    throw corrupt();
                }
            }
        } catch (DataFormatException e) {
            throw corrupt();
        }
    }

    private Inflater begin() {
        Inflater taken = inflaters.take();
        taken.setInput(input, 0, length);
        inflater = taken;
        return taken;
    }

    /** Goes on behind a last block; false: nothing follows it. */
    private boolean beginsAnew(Inflater current) {
        int rest = current.getRemaining();
        if (rest == 0) {
            return false;
        }
        if (endGiven || ++streams == MAX_STREAMS) {
            throw corrupt();
        }
        current.reset();
        current.setInput(input, length - rest, rest);
        return true;
    }

    /** The caller returns before the message has ended. */
    void keep() {
        if (borrowed && inflater != null) {
            int rest = endGiven ? 0 : inflater.getRemaining();
            input = Arrays.copyOfRange(input, length - rest, length);
            length = rest;
            borrowed = false;
            if (!endGiven) {
                inflater.setInput(input);
            }
        }
    }

    /** Forgets the message, whether or not it has ended. */
    void release() {
        if (inflater != null) {
            inflaters.giveBack(inflater);
            inflater = null;
        }
        input = NOTHING;
        length = 0;
        borrowed = false;
        endGiven = false;
        streams = 0;
    }

    private static ProtocolException corrupt() {
        return new ProtocolException(
                "corrupt compressed data",
                "a compressed message must be DEFLATE data (RFC 7692 7.2.2)",
                CloseCode.INVALID_DATA);
    }
}
