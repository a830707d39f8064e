package io.fanfare.publish;

import io.fanfare.frame.HeaderNames;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.HeaderValues;
import io.fanfare.options.ConnectionLimits;
import org.jspecify.annotations.Nullable;

/**
 * The {@code dedup-id} of a SEND: a later SEND with an equal one is a repeat.
 *
 * @param owner whose id it is: two users may choose the same
 * @param key the id with the destination as the SEND names it: one event may be sent to several, each with the event's id
 */
public record DedupId(Owner owner, String key) {

    private static final String NAME = "dedup-id";
    private static final String ARTEMIS = "_AMQ_DUPL_ID";
    private static final HeaderNames NAMES = HeaderNames.of(NAME, ARTEMIS);

    /** Of the objects of one that is kept, beside its characters. */
    private static final long OVERHEAD_BYTES = 112;

    /** A part of the senders, with ids of its own. */
    public enum Kind {
        /** All connections and HTTP requests of a named user. */
        USER,
        /** All connections of anonymous clients that call themselves so in {@code client-id}. */
        CLIENT,
        /** One connection of an anonymous client without a {@code client-id}. */
        CONNECTION,
        /** HTTP requests of anonymous clients. */
        ANONYMOUS,
        /** The program that the broker runs in, and its operators. */
        BROKER
    }

    /**
     * Senders that share their ids.
     *
     * @param name of the user or client, or the session's id; empty where there is one owner of that kind
     */
    public record Owner(Kind kind, String name) {

        public static final Owner BROKER = new Owner(Kind.BROKER, "");

        /** Owner of the ids of a connection, which outlive it as far as a later connection can have the same owner. */
        public static Owner of(String user, @Nullable String clientId, String session) {
            if (!user.isEmpty()) {
                return user(user);
            }
            return clientId == null ? new Owner(Kind.CONNECTION, session) : new Owner(Kind.CLIENT, clientId);
        }

        /** Owner of the ids of requests that come without a connection; the name of an anonymous user is empty. */
        public static Owner user(String name) {
            return new Owner(name.isEmpty() ? Kind.ANONYMOUS : Kind.USER, name);
        }
    }

    /**
     * The id of a SEND; null when it has none.
     *
     * @param headers of the SEND, with its destination
     * @throws ProtocolException when the id is empty or too long
     */
    public static @Nullable DedupId of(Headers headers, Owner owner, ConnectionLimits limits) {
        String id = headers.hasAny(NAMES) ? HeaderValues.first(headers, NAME, ARTEMIS) : null;
        if (id == null) {
            return null;
        }
        if (id.isEmpty()) {
            // of a publisher that has none at hand, all messages but the first would be lost
            throw new ProtocolException("invalid dedup-id", "dedup-id must not be empty");
        }
        HeaderValues.id(NAME, id, limits);
        String destination = headers.get("destination");
        // with its length, so that no other pair has the same text
        return new DedupId(owner, id.length() + ":" + id + (destination == null ? "" : destination));
    }

    /** The whole of it, unlike that of any other id: for those that keep ids outside of this node. */
    String text() {
        return owner.kind() + " " + owner.name().length() + ":" + owner.name() + key;
    }

    /** About what it takes to keep it, its place in a map included. */
    long bytes() {
        return bytes(key);
    }

    /** About what it takes to keep the id of this key. */
    static long bytes(String key) {
        return OVERHEAD_BYTES + key.length();
    }
}
