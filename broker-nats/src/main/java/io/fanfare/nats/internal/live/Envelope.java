package io.fanfare.nats.internal.live;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Head in front of the records in one NATS message: of live messages, or of a request to the node of a connection.
 *
 * @param life of the sender: a random number of each start, so that its numbers are not taken for those of an earlier one
 * @param number of the batch in this life, from 1; of a mark the last batch before it; of a request its own among all requests
 * @param isMark whether it only tells the number, so that the loss of the last batch before a pause is noticed
 */
record Envelope(long life, long number, boolean isMark) {

    static final int BYTES = 2 + 2 * Long.BYTES;

    /** Nodes of other versions may write another one. */
    private static final byte FORM = 1;

    void write(ByteBuffer out) {
        out.put(FORM).put((byte) (isMark ? 1 : 0)).putLong(life).putLong(number);
    }

    byte[] bytes() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        write(out);
        return out.array();
    }

    /**
     * Reads what {@link #write} has written; the buffer's position moves to the records.
     *
     * @throws IllegalArgumentException when it is something else, or of another version
     */
    static Envelope read(ByteBuffer in) {
        try {
            byte form = in.get();
            if (form != FORM) {
                throw new IllegalArgumentException("this is no batch of this version: form " + form);
            }
            boolean isMark = in.get() != 0;
            return new Envelope(in.getLong(), in.getLong(), isMark);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a batch has no beginning", e);
        }
    }
}
