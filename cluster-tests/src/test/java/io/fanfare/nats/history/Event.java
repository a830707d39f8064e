package io.fanfare.nats.history;

/**
 * What a client has done or seen, or what went wrong.
 *
 * @param at nanoseconds by one clock for all clients
 * @param client a connection: each has a name of its own
 * @param destination where; empty for what concerns the whole connection
 * @param message the message's own id, {@code PUBLISHER:NUMBER}; empty where there is none
 * @param number what the kind says, or 0
 * @param flag what the kind says, or false
 */
record Event(long at, Kind kind, String client, String destination, String message, long number, boolean flag) {

    enum Kind {
        /** A connection is there; number: of its node, from 0. */
        CONNECTED,
        /** A SEND was begun. */
        SEND,
        /** Its RECEIPT has come; number: of nodes that it names. */
        SENT,
        /** It was refused, or the connection ended before its RECEIPT: nobody knows. */
        UNKNOWN,
        /** A SUBSCRIBE was begun. */
        SUBSCRIBE,
        /** SUBSCRIBE's RECEIPT has come; flag: it said {@code recovered:true}; number: the {@code seq} that was asked behind. */
        SUBSCRIBED,
        /** A message has come; number: its {@code seq}; flag: it is said to be redelivered. */
        RECEIVED,
        /** An ACK was begun. */
        ACK,
        /** Its RECEIPT has come. */
        ACKED,
        /** A NACK was begun. */
        NACK,
        /** The connection has ended. */
        CLOSED,
        /** Something goes wrong, which the message names; no client's. */
        FAULT,
        /** It is right again. */
        MENDED
    }

    /** The part of the message's id that says where it comes from. */
    String publisher() {
        return message.substring(0, message.lastIndexOf(':'));
    }

    /** The place among the messages of its publisher. */
    long place() {
        return Long.parseLong(message.substring(message.lastIndexOf(':') + 1));
    }
}
