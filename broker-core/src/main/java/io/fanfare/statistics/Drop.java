package io.fanfare.statistics;

/** Reason for which a message, or one delivery of it, was dropped. */
public enum Drop implements Labelled {
    /** A SEND repeated one that was published: its {@code dedup-id} says so. */
    DUPLICATE,
    /** A topic had no subscriber. */
    NO_SUBSCRIBER,
    /** {@code ttl:0} and no consumer waited, or a temporary queue had gone with its connection. */
    NO_CONSUMER,
    /** A reply, refused where the request had asked for it. */
    REPLY_REFUSED,
    /** There was no room in the backlog of a subscription whose {@code overflow} drops. */
    OVERFLOW,
    /** A newer message of the same key has taken its place: {@code conflate}, {@code max-rate}. */
    CONFLATED,
    /** The queue of a durable subscription was full and gave up its oldest. */
    QUEUE_FULL,
    /** A consumer rejected it where there are no dead letters. */
    REJECTED,
    /** A dead-letter queue had no room. */
    DEAD_LETTERS_FULL
}
