package io.fanfare.statistics;

/** Action taken about a client that takes messages more slowly than they come. */
public enum SlowAction implements Labelled {
    /** Connection closed: more waited for it than may. */
    DISCONNECT,
    /** Connection cut: the socket took nothing for {@code write_timeout}. */
    CUT,
    /** Connection cut: the socket took nothing while all connections together held too much. */
    RECLAIM,
    /** Publishers of what waits for it began to wait, too. */
    HOLD_PUBLISHERS,
    /** Messages of a subscription whose {@code overflow} may drop began to wait in its backlog. */
    BACKLOG
}
