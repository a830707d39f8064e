package io.fanfare.server.internal.websocket;

import io.fanfare.server.internal.net.Inflaters;
import java.nio.ByteBuffer;

/**
 * Hands out what one connection's compressed messages inflate to, within the limit of a message, and in a turn no more than
 * its share: a few octets may become a thousand times as many. Owned by the connection's loop.
 */
final class Inflation {

    /** Octets in one turn from which on a client that must wait is handed no more: the session has room for these. */
    private static final int BEFORE_WAITING = 64 << 10;

    /** Octets in one turn after which other connections have theirs. */
    private static final int IN_A_TURN = 1 << 20;

    private final FrameListener connection;
    private final PayloadCheck payloads;
    private final CompressedMessage message;

    /** Octets of this message so far. */
    private long inflated;

    private int inTurn;
    private boolean stopped;

    Inflation(FrameListener connection, PayloadCheck payloads, Inflaters inflaters) {
        this.connection = connection;
        this.payloads = payloads;
        this.message = new CompressedMessage(inflaters);
    }

    /** A turn begins: the connection has a share of it. */
    void turnBegins() {
        inTurn = 0;
    }

    /** Whether the connection has had its share of this turn. */
    boolean isPaused() {
        return inTurn > BEFORE_WAITING && (inTurn > IN_A_TURN || connection.mustWait());
    }

    /**
     * A frame of the message begins.
     *
     * @throws io.fanfare.frame.ProtocolException when the message gets too large to be kept until it is whole
     */
    void expect(long payload) {
        long length = message.length() + payload;
        int limit = connection.maxFrameBytes();
        if (length > CompressedMessage.mostOctetsFor(limit)) {
            throw PayloadCheck.tooLarge(length, limit);
        }
    }

    /** See {@link CompressedMessage#add}. */
    void add(ByteBuffer octets, boolean isWhole) {
        message.add(octets.array(), octets.limit(), isWhole);
    }

    /**
     * Hands out the message, which is whole.
     *
     * @return whether it is over; false: the rest has to wait for another turn
     */
    boolean run() {
        boolean isOver = true;
        try {
            isOver = handOut();
            return isOver;
        } finally {
            if (isOver || stopped) {
                message.release();
                inflated = 0;
            } else {
                message.keep();
            }
        }
    }

    private boolean handOut() {
        while (!stopped) {
            if (isPaused()) {
                return false;
            }
            int length = message.next();
            if (length == 0) {
                if (inflated == 0) {
                    connection.chargeUnproductive();
                }
                return true;
            }
            inflated += length;
            inTurn += length;
            if (inflated > connection.maxFrameBytes()) {
                throw PayloadCheck.tooLarge(inflated, connection.maxFrameBytes());
            }
            connection.payload(payloads.checked(ByteBuffer.wrap(message.output(), 0, length)));
        }
        return true;
    }

    /** Nothing more is handed out. */
    void stop() {
        stopped = true;
    }

    /** The connection is gone. */
    void end() {
        stopped = true;
        message.release();
    }
}
