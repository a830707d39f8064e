package io.fanfare.message;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fanfare.compression.Compression;
import io.fanfare.compression.Payload;
import io.fanfare.frame.Command;
import io.fanfare.frame.FrameEncoder;
import io.fanfare.frame.Headers;
import io.fanfare.loop.Chunk;
import io.fanfare.loop.Framing;
import io.fanfare.loop.TurnBuffer;
import org.jspecify.annotations.Nullable;

/** Writes MESSAGE frames, or events instead of them, into a loop's buffer. Owned by that loop. */
public final class MessageEncoder {

    /**
     * The small frames that were encoded last in this turn: audiences that differ in their filter alone get the same bytes,
     * and copying them takes a fraction of the time. A frame's place follows from its message's sequence.
     */
    private static final class Recent {

        private static final int FRAMES = 128;

        /** Larger ones are mostly body, which is copied in any case; and the messages stay in memory until others come. */
        private static final int MAX_BYTES = 4 << 10;

        private final @Nullable Message[] messages = new Message[FRAMES];
        private final @Nullable Encoding[] encodings = new Encoding[FRAMES];

        /** Where they end in the turn's buffer. */
        private final int[] ends = new int[FRAMES];

        private final int[] lengths = new int[FRAMES];
        private final long[] turns = new long[FRAMES];

        /** A copy of the message's frame for an owner; null when there is none. */
        @Nullable
        Chunk copy(TurnBuffer buffer, Object owner, Message message, Encoding encoding) {
            int place = place(message);
            return messages[place] == message && turns[place] == buffer.turn() && encoding.equals(encodings[place])
                    ? buffer.copy(owner, ends[place], lengths[place])
                    : null;
        }

        /** Remembers the frame that the buffer and a chunk end with, and gives the chunk back. */
        Chunk remember(TurnBuffer buffer, Message message, Encoding encoding, Chunk chunk) {
            int length = chunk.length() - chunk.lastFrame();
            if (length <= MAX_BYTES) {
                int place = place(message);
                messages[place] = message;
                encodings[place] = encoding;
                ends[place] = buffer.used();
                lengths[place] = length;
                turns[place] = buffer.turn();
            }
            return chunk;
        }

        private static int place(Message message) {
            return (int) message.sequence() & (FRAMES - 1);
        }
    }

    private static final byte[] SUBSCRIPTION = "subscription:".getBytes(US_ASCII);
    private static final byte[] TIMESTAMP = "timestamp:".getBytes(US_ASCII);
    private static final byte[] CONTENT_LENGTH = "content-length:".getBytes(US_ASCII);

    private static final byte[] SEQUENCE = "seq:".getBytes(US_ASCII);
    private static final byte[] EPOCH = "epoch:".getBytes(US_ASCII);

    private final FrameEncoder encoder = new FrameEncoder();
    private final EventEncoder events = new EventEncoder();
    private final Recent recent = new Recent();
    private final TurnBuffer buffer;
    private final String idPrefix;
    private final byte[] messageId;
    private final byte[] ack;

    /** The last header {@code timestamp}: the messages of a turn were sent within a millisecond or few. */
    private final byte[] timestamp = new byte[TIMESTAMP.length + 24];

    private int timestampLength;
    private long lastTime;

    /** Octets at the beginning of the head that belong to one subscription. */
    private int own;

    /**
     * An encoder of one loop.
     *
     * @param idPrefix tells this broker's message ids from those of its earlier lives; letters, digits and hyphens
     */
    public MessageEncoder(TurnBuffer buffer, String idPrefix) {
        this.buffer = buffer;
        this.idPrefix = idPrefix;
        this.messageId = ("message-id:" + idPrefix).getBytes(US_ASCII);
        this.ack = ("ack:" + idPrefix).getBytes(US_ASCII);
    }

    /** Encodes a message for all receivers that share an encoding; the chunk ends with it. */
    public Chunk encode(Object owner, Message message, Encoding encoding) {
        Chunk copy = recent.copy(buffer, owner, message, encoding);
        if (copy != null) {
            return copy;
        }
        begin(message, encoding);
        return recent.remember(buffer, message, encoding, end(owner, message, encoding));
    }

    /**
     * Encodes a message that tells what was left out before it; the chunk ends with it.
     *
     * @param dropped messages for which there was no room
     * @param conflated older messages of the same key
     */
    public Chunk encode(Object owner, Message message, Encoding encoding, long dropped, long conflated) {
        if (dropped == 0 && conflated == 0) {
            return encode(owner, message, encoding);
        }
        begin(message, encoding);
        if (dropped > 0) {
            encoder.header("dropped", dropped);
        }
        if (conflated > 0) {
            encoder.header("conflated", conflated);
        }
        return end(owner, message, encoding);
    }

    /**
     * Encodes a message that was published before its receivers came.
     *
     * @param why headers that say so, and what else the receivers are told with it
     */
    public Chunk encode(Object owner, Message message, Encoding encoding, Headers why) {
        begin(message, encoding);
        encoder.headers(why);
        return end(owner, message, encoding);
    }

    /**
     * Encodes a message as a patch to the value that it took the place of.
     *
     * @param patch the body in place of its own, JSON
     */
    public Chunk encode(Object owner, Message message, Encoding encoding, byte[] patch) {
        begin(message, encoding);
        encoder.header("delta", "merge-patch")
                .header(CONTENT_LENGTH, patch.length)
                .endHead();
        return frame(owner, encoding, patch, true);
    }

    /**
     * Encodes one delivery of a message to one subscription, which need not acknowledge it, or does so by message-id.
     *
     * @param deliveries how many times it has been delivered, this one included
     */
    public Chunk encode(Object owner, Message message, Encoding encoding, int deliveries) {
        begin(message, encoding);
        return end(owner, message, encoding, deliveries);
    }

    /**
     * Encodes one delivery with an {@code ack} header that no other delivery of this broker has.
     *
     * @param ledger the number of the ledger that the delivery stands in; no destination has it
     * @param number the delivery's number in that ledger
     * @param deliveries how many times it has been delivered, this one included
     */
    public Chunk encode(Object owner, Message message, Encoding encoding, long ledger, long number, int deliveries) {
        begin(message, encoding);
        encoder.header(ack, ledger, number);
        return end(owner, message, encoding, deliveries);
    }

    private Chunk end(Object owner, Message message, Encoding encoding, int deliveries) {
        if (deliveries > 1) {
            encoder.header("redelivered", "true").header("delivery-count", deliveries);
        }
        return end(owner, message, encoding);
    }

    /**
     * Reads what this broker wrote as a {@code message-id}, or in the same form as an {@code ack}.
     *
     * @return null when it is neither
     */
    public @Nullable MessageId parseId(String text) {
        int hyphen = text.lastIndexOf('-');
        if (!text.startsWith(idPrefix) || hyphen < idPrefix.length()) {
            return null;
        }
        try {
            return new MessageId(
                    Long.parseLong(text, idPrefix.length(), hyphen, 10),
                    Long.parseLong(text, hyphen + 1, text.length(), 10));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private void begin(Message message, Encoding encoding) {
        encoder.begin(Command.MESSAGE, encoding.version());
        // first, so that all behind it is the same for all subscriptions
        if (encoding.subscription() != null) {
            encoder.header(SUBSCRIPTION, encoding.subscription());
        }
        own = encoder.length();
        encoder.header(messageId, message.destination(), message.sequence());
        Message.Epoch epoch = message.epoch();
        if (epoch != null) {
            encoder.header(SEQUENCE, epoch.number(message.sequence())).header(EPOCH, epoch.name());
        }
        encoder.headers(message.headers());
        timestamp(message.timestamp());
    }

    private void timestamp(long time) {
        if (time != lastTime || timestampLength == 0) {
            int start = encoder.length();
            encoder.header(TIMESTAMP, time);
            timestampLength = encoder.length() - start;
            System.arraycopy(encoder.array(), start, timestamp, 0, timestampLength);
            lastTime = time;
        } else {
            encoder.plain(timestamp, timestampLength);
        }
    }

    private Chunk end(Object owner, Message message, Encoding encoding) {
        if (message.body().length > 0) {
            encoder.header(CONTENT_LENGTH, message.body().length);
        }
        encoder.endHead();
        return frame(owner, encoding, message.body(), message.isText());
    }

    /**
     * Encodes an event of an event stream that stands for no message: a client goes on behind the one before.
     *
     * @param head of a MESSAGE without a {@code message-id}
     */
    public Chunk event(Object owner, byte[] head) {
        events.encode(head, new byte[0], true);
        return buffer.bytes(owner, events.array(), events.length());
    }

    private Chunk frame(Object owner, Encoding encoding, byte[] body, boolean text) {
        Framing framing = encoding.framing();
        if (framing == Framing.EVENTS) {
            events.encode(encoder.array(), body, text);
            return buffer.bytes(owner, events.array(), events.length());
        }
        Compression compression = encoding.compression();
        if (encoder.length() + body.length + 1 >= compression.minBytes()) {
            Payload payload = new Payload(encoder.array(), own, encoder.length(), body);
            Chunk chunk = buffer.compressed(owner, framing, text, compression, payload);
            if (chunk != null) {
                return chunk;
            }
        }
        return buffer.frame(owner, framing, text, encoder.array(), encoder.length(), body);
    }
}
