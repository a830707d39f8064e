package io.fanfare.message;

import io.fanfare.frame.Command;
import io.fanfare.frame.FrameEncoder;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.Chunk;
import io.fanfare.loop.Framing;
import io.fanfare.loop.TurnBuffer;
import org.jspecify.annotations.Nullable;

/** Writes MESSAGE frames into a loop's buffer. Owned by that loop. */
public final class MessageEncoder {

    private final FrameEncoder encoder = new FrameEncoder();
    private final TurnBuffer buffer;
    private final String idPrefix;

    /**
     * An encoder of one loop.
     *
     * @param idPrefix tells this broker's message ids from those of its earlier lives
     */
    public MessageEncoder(TurnBuffer buffer, String idPrefix) {
        this.buffer = buffer;
        this.idPrefix = idPrefix;
    }

    /** Encodes a message for all receivers that share an encoding; the chunk ends with it. */
    public Chunk encode(Object owner, Message message, Encoding encoding) {
        begin(message, encoding.version(), encoding.subscription());
        return end(owner, message, encoding.framing());
    }

    /**
     * Encodes a message that tells what was left out before it; the chunk ends with it.
     *
     * @param dropped messages for which there was no room
     * @param conflated older messages of the same key
     */
    public Chunk encode(Object owner, Message message, Encoding encoding, long dropped, long conflated) {
        begin(message, encoding.version(), encoding.subscription());
        if (dropped > 0) {
            encoder.header("dropped", dropped);
        }
        if (conflated > 0) {
            encoder.header("conflated", conflated);
        }
        return end(owner, message, encoding.framing());
    }

    /**
     * Encodes one delivery of a message to one subscription.
     *
     * @param ack what the receiver acknowledges it by; null where it need not, or does so by message-id
     * @param deliveries how many times it has been delivered, this one included
     */
    public Chunk encode(Object owner, Message message, Encoding encoding, @Nullable String ack, int deliveries) {
        begin(message, encoding.version(), encoding.subscription());
        if (ack != null) {
            encoder.header("ack", ack);
        }
        if (deliveries > 1) {
            encoder.header("redelivered", "true").header("delivery-count", deliveries);
        }
        return end(owner, message, encoding.framing());
    }

    /** What {@code message-id} says; the same for every receiver and every delivery of a message. */
    public String messageId(Message message) {
        return idPrefix + message.destination() + '-' + message.sequence();
    }

    private void begin(Message message, StompVersion version, @Nullable String subscription) {
        encoder.begin(Command.MESSAGE, version);
        if (subscription != null) {
            encoder.header("subscription", subscription);
        }
        encoder.header("message-id", idPrefix, message.destination(), message.sequence());
        encoder.headers(message.headers()).header("timestamp", message.timestamp());
    }

    private Chunk end(Object owner, Message message, Framing framing) {
        if (message.body().length > 0) {
            encoder.header("content-length", message.body().length);
        }
        encoder.endHead();
        return buffer.frame(owner, framing, message.isText(), encoder.array(), encoder.length(), message.body());
    }
}
