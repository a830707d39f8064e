package io.fanfare.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.frame.HeaderBytes;
import io.fanfare.frame.Headers;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.SendProperties;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A message with its destination, as nodes write it for each other. Its time to live goes on by the time of day. */
public record MessageRecord(Destination destination, Message message) {

    /** Of the form below: nodes of other versions may write another one. */
    private static final byte FORM = 1;

    private static final byte SHARED = 0;
    private static final byte USER = 1;
    private static final byte CONNECTION = 2;

    /** Octets of the form, the kinds of the destination and of its owner, the times, and the lengths of what follows. */
    private static final int FIXED_BYTES = 3 + 2 * Long.BYTES + 3 * Integer.BYTES;

    private static final Destination.Kind[] KINDS = Destination.Kind.values();

    /**
     * Writes a message.
     *
     * @param destination a topic or queue that all clients share, or that belongs to a user or to a connection
     * @return a buffer at its beginning, with an accessible array
     */
    public static ByteBuffer write(Destination destination, Message message, BrokerClock clock) {
        byte[] owner = owner(destination).getBytes(UTF_8);
        byte[] name = destination.name().getBytes(UTF_8);
        Headers headers = message.headers();
        ByteBuffer out = ByteBuffer.allocate(
                FIXED_BYTES + owner.length + name.length + HeaderBytes.size(headers) + message.body().length);
        out.put(FORM).put((byte) destination.kind().ordinal()).put(ownerKind(destination));
        out.putLong(message.timestamp()).putLong(expires(message, clock));
        out.putInt(owner.length).put(owner);
        out.putInt(name.length).put(name);
        HeaderBytes.write(headers, out);
        out.putInt(message.body().length).put(message.body());
        return out.flip();
    }

    private static byte ownerKind(Destination destination) {
        if (destination.owner() instanceof Destination.User) {
            return USER;
        }
        if (destination.owner() instanceof Destination.Connection) {
            return CONNECTION;
        }
        if (destination.owner() != null) {
            throw new IllegalArgumentException("no other node has " + destination);
        }
        return SHARED;
    }

    private static String owner(Destination destination) {
        if (destination.owner() instanceof Destination.User user) {
            return user.name();
        }
        String session = destination.temporaryOwner();
        return session == null ? "" : session;
    }

    /** Milliseconds of the epoch, or as {@link SendProperties#expires} says. */
    private static long expires(Message message, BrokerClock clock) {
        long expires = message.properties().expires();
        return message.properties().mayExpire() ? clock.millis() + expires - clock.uptimeMillis() : expires;
    }

    /**
     * Reads what {@link #write} has written; the buffer's position moves behind it.
     *
     * @throws IllegalArgumentException when it is something else, or was written by a version that this one does not understand
     */
    public static MessageRecord read(ByteBuffer in, BrokerClock clock) {
        return read(in, clock, null);
    }

    /**
     * The same, of several records one after the other.
     *
     * @param previous whose destination is used again where it is that of this record; null: none
     */
    public static MessageRecord read(ByteBuffer in, BrokerClock clock, @Nullable MessageRecord previous) {
        try {
            byte form = in.get();
            byte kind = in.get();
            byte ownerKind = in.get();
            if (form != FORM || kind < 0 || kind >= KINDS.length) {
                throw new IllegalArgumentException("this is no message of this version: form " + form);
            }
            long timestamp = in.getLong();
            long expires = in.getLong();
            Destination destination = previous == null ? null : previous.destination();
            if (destination == null || ownerKind != SHARED || !isNext(in, KINDS[kind], destination)) {
                destination = new Destination(KINDS[kind], owner(ownerKind, text(in)), text(in));
            }
            Headers headers = HeaderBytes.read(in);
            byte[] body = bytes(in);
            SendProperties properties = SendProperties.of(headers, clock);
            if (properties.expires() != expires) {
                properties = properties.withExpiry(here(expires, clock));
            }
            return new MessageRecord(destination, new Message(headers, body, timestamp, properties, null));
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the end of a message is missing", e);
        }
    }

    /**
     * Whether the names that follow are those of this destination, which all clients share; then the buffer's position is
     * behind them.
     */
    private static boolean isNext(ByteBuffer in, Destination.Kind kind, Destination destination) {
        String name = destination.name();
        int at = in.position() + 2 * Integer.BYTES;
        if (destination.kind() != kind
                || destination.owner() != null
                || in.limit() - at < name.length()
                || in.getInt(at - 2 * Integer.BYTES) != 0
                || in.getInt(at - Integer.BYTES) != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            // another octet than ASCII is below 0, and no character is
            if (in.get(at + i) != name.charAt(i)) {
                return false;
            }
        }
        in.position(at + name.length());
        return true;
    }

    private static Destination.@Nullable Owner owner(byte kind, String name) {
        return switch (kind) {
            case SHARED -> null;
            case USER -> new Destination.User(name);
            case CONNECTION -> new Destination.Connection(name);
            default -> throw new IllegalArgumentException("no such owner: " + kind);
        };
    }

    /** By this process' own clock; one that has passed stays passed. */
    private static long here(long expires, BrokerClock clock) {
        return expires >= SendProperties.AT_ONCE
                ? expires
                : Math.max(0, clock.uptimeMillis() + expires - clock.millis());
    }

    private static String text(ByteBuffer in) {
        return new String(bytes(in), UTF_8);
    }

    private static byte[] bytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("the end of a message is missing");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
