package io.fanfare.broker;

import io.fanfare.frame.Frame;
import io.fanfare.frame.HeaderNames;
import io.fanfare.frame.Headers;
import io.fanfare.frame.Utf8;

/** What was sent, as every receiver will see it. Immutable once a destination has given it its place. */
final class Message {

    /** What a SEND can't bring along: it is the sender's own business, or the broker's to say. */
    private static final HeaderNames NOT_FORWARDED = HeaderNames.of(
            "receipt",
            "transaction",
            "content-length",
            "message-id",
            "subscription",
            "ack",
            "redelivered",
            "delivery-count",
            "seq",
            "epoch",
            "user-id",
            "timestamp");

    private static final long OVERHEAD_BYTES = 128;

    private final Headers headers;
    private final byte[] body;
    private final long timestamp;

    /** What {@link #isText} found, once it has been asked. Loops may find out twice; they find the same. */
    private byte text;

    /** The number of the topic or queue that has it, and its place there; set under that destination's lock. */
    private long destination;

    private long sequence;

    private Message(Headers headers, byte[] body, long timestamp) {
        this.headers = headers;
        this.body = body;
        this.timestamp = timestamp;
    }

    /** The message of a SEND frame that came at this time (milliseconds of the epoch). */
    static Message of(Frame send, long timestamp) {
        return new Message(send.headers().without(NOT_FORWARDED), send.body(), timestamp);
    }

    void place(long destinationNumber, long placeThere) {
        this.destination = destinationNumber;
        this.sequence = placeThere;
    }

    /** Whether a destination has given it its place already. */
    boolean isPlaced() {
        return destination != 0;
    }

    /** The sender's headers that travel on, its destination among them. */
    Headers headers() {
        return headers;
    }

    byte[] body() {
        return body;
    }

    /** Milliseconds of the epoch. */
    long timestamp() {
        return timestamp;
    }

    long destination() {
        return destination;
    }

    long sequence() {
        return sequence;
    }

    /** About what it takes to keep it. */
    long size() {
        return OVERHEAD_BYTES + body.length;
    }

    /** Whether it may go out as WebSocket text: headers always are UTF-8, so the body decides. */
    boolean isText() {
        if (text == 0) {
            text = (byte) (Utf8.isValid(body) ? 1 : 2);
        }
        return text == 1;
    }
}
