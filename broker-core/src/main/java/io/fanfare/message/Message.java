package io.fanfare.message;

import io.fanfare.frame.Frame;
import io.fanfare.frame.HeaderNames;
import io.fanfare.frame.Headers;
import io.fanfare.frame.Utf8;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.Congestion;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/** A SEND's content, as every receiver will see it. Immutable once a destination has given it its place. */
public final class Message {

    /**
     * A part of a topic's life in which the numbers that clients see count on. Places of messages never go back while this process
     * runs; numbers may begin anew, in another epoch.
     *
     * @param name as MESSAGE shows it
     * @param base the place that number 0 stands for
     */
    public record Epoch(String name, long base) {

        /** The number at a place, as clients see it. */
        public long number(long place) {
            return place - base;
        }

        /** The place of a number. */
        public long place(long number) {
            return base + number;
        }
    }

    /** What a SEND can't bring along: it is the sender's own business, or the broker's to say. */
    private static final HeaderNames NOT_FORWARDED = HeaderNames.OF_ONE_FRAME.and(
            "user-id", "timestamp", "presence", "x-death-reason", "x-delivery-count", "x-original-destination");

    private static final HeaderNames DESTINATION = HeaderNames.of("destination");
    /** Of the objects of one that waits in a queue, and of what stays of its sender. */
    private static final long OVERHEAD_BYTES = 192;

    private static final AtomicIntegerFieldUpdater<Message> KEEPERS =
            AtomicIntegerFieldUpdater.newUpdater(Message.class, "keepers");

    private final Headers headers;
    private final byte[] body;
    private final long timestamp;
    private final SendProperties properties;
    private final @Nullable Sender sender;

    /** What {@link #isText} found, once it has been asked. Loops may find out twice; they find the same. */
    private byte text;

    /** The number of the topic or queue that has it, and its place there; set under that destination's lock. */
    private long destination;

    private long sequence;

    /**
     * Epoch that makes the place the client's business: the topic keeps messages, and the client may ask for what
     * followed. Null: it is not.
     */
    private @Nullable Epoch epoch;

    /** Whether it was the last value of its key some time, or took that away. */
    private boolean retained;

    /** The sequence of the value that it took the place of; 0: none. */
    private long replaced;

    /** The value that it took the place of; null: none, or that value is needed no longer. */
    private @Nullable Message previous;

    /** The backlogs that keep it. */
    private volatile int keepers;

    public Message(Headers headers, byte[] body, long timestamp, SendProperties properties, @Nullable Sender sender) {
        this.headers = headers;
        this.body = body;
        this.timestamp = timestamp;
        this.properties = properties;
        this.sender = sender;
    }

    /**
     * The message of a SEND frame.
     *
     * @param clock of the broker
     * @param sender the connection that sent it; null: the broker itself
     */
    public static Message of(Frame send, BrokerClock clock, @Nullable Sender sender) {
        return new Message(
                send.headers().without(NOT_FORWARDED),
                send.body(),
                clock.millis(),
                SendProperties.of(send.headers(), clock),
                sender);
    }

    /** The same message on its way to one destination of several, or to one that is shown under another name. */
    public Message to(Target target) {
        String shown = target.shown();
        if (shown == null) {
            return isPlaced() ? new Message(headers, body, timestamp, properties, sender) : this;
        }
        return with(headers.without(DESTINATION).with(Headers.of("destination", shown)));
    }

    /** The same message with other headers, without a place. */
    public Message with(Headers newHeaders) {
        return new Message(newHeaders, body, timestamp, properties, sender);
    }

    /** The same message without the time to live that it had, and the broker's own from now on. */
    public Message asDeadLetter() {
        return new Message(headers, body, timestamp, properties.withoutExpiry(), null);
    }

    /** The same message, without a place, as one of this sender's. */
    public Message from(Sender from) {
        return new Message(headers, body, timestamp, properties, from);
    }

    /** The same message, the broker's own from now on. */
    public Message withoutSender() {
        return new Message(headers, body, timestamp, properties, null);
    }

    public void place(long destinationNumber, long placeThere) {
        this.destination = destinationNumber;
        this.sequence = placeThere;
    }

    /** Gives it its place in a topic that keeps messages: MESSAGE shows it. */
    public void placeNumbered(long destinationNumber, long placeThere, Epoch newEpoch) {
        epoch = newEpoch;
        place(destinationNumber, placeThere);
    }

    /** In which MESSAGE shows its number, {@code seq}; null: it shows neither. */
    @Nullable
    public Epoch epoch() {
        return epoch;
    }

    /**
     * Marks the last value of its key, or what takes that away; set under the topic's lock, before any loop gets the
     * message.
     */
    public void retain() {
        retained = true;
    }

    /**
     * Sets the value that this one takes the place of. Under the topic's lock: before any loop gets the message, and,
     * with null, when it is a value no longer; a loop that looks meanwhile sees the one or the other.
     */
    public void previous(@Nullable Message value) {
        previous = value;
        replaced = value == null ? replaced : value.sequence();
    }

    /** The sequence of the value of its key that it took the place of; 0: none, or not known. */
    public long replaced() {
        return replaced;
    }

    /** The value of its key that it took the place of; null: none, or it is not known any more. */
    public @Nullable Message previous() {
        return previous;
    }

    /** Whether it was the last value of its key some time, or took that away. */
    public boolean isRetained() {
        return retained;
    }

    /** Whether a destination has given it its place already. */
    public boolean isPlaced() {
        return destination != 0;
    }

    /** The sender's headers that travel on, its destination among them. */
    public Headers headers() {
        return headers;
    }

    /** What a selector reads under a name: the time is the broker's to say, as it does in MESSAGE, and each has a priority. */
    @Nullable
    String selected(String header) {
        return switch (header) {
            case "timestamp" -> Long.toString(timestamp);
            case "priority" -> Integer.toString(properties.priority());
            default -> headers.get(header);
        };
    }

    public byte[] body() {
        return body;
    }

    /** Milliseconds of the epoch. */
    public long timestamp() {
        return timestamp;
    }

    /** Milliseconds since it was sent, by the time of day; never negative. */
    public long age(BrokerClock clock) {
        return Math.max(0, clock.millis() - timestamp);
    }

    public SendProperties properties() {
        return properties;
    }

    @Nullable
    public Sender sender() {
        return sender;
    }

    /** Has the sender wait until a receiver has taken more; called by any thread. */
    public void waitFor(Congestion receiver) {
        if (sender != null) {
            sender.waitFor(receiver);
        }
    }

    public boolean isExpired(long now) {
        return now >= properties.expires();
    }

    public long destination() {
        return destination;
    }

    public long sequence() {
        return sequence;
    }

    /** About what it takes to keep it. */
    public long size() {
        return OVERHEAD_BYTES + headers.bytes() + body.length;
    }

    /**
     * One backlog more keeps it; called by any thread.
     *
     * @return whether it is the first one: then the message takes memory that is to be counted
     */
    public boolean keep() {
        return KEEPERS.getAndIncrement(this) == 0;
    }

    /**
     * One backlog keeps it no longer; called by any thread.
     *
     * @return whether it was the last one
     */
    public boolean letGo() {
        return KEEPERS.decrementAndGet(this) == 0;
    }

    /** Whether it may go out as WebSocket text: headers always are UTF-8, so the body decides. */
    boolean isText() {
        if (text == 0) {
            text = (byte) (Utf8.isValid(body) ? 1 : 2);
        }
        return text == 1;
    }
}
