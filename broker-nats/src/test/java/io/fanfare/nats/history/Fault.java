package io.fanfare.nats.history;

/** What goes wrong, and is right again after a while. */
enum Fault {
    /** A NATS server is killed, and started again. */
    SERVER_KILLED,
    /** A NATS server is stopped for a while, and goes on. */
    SERVER_FROZEN,
    /** A node is killed, and started again. */
    NODE_KILLED,
    /** A node is stopped in order, and started again. */
    NODE_ENDED,
    /** All connections of a node to NATS are cut once. */
    LINK_RESET,
    /** A node can't connect to NATS for a while. */
    LINK_CUT,
    /** Nothing gets through between a node and NATS for a while, and no side is told. */
    LINK_SILENT,
    /** Nothing gets through from a node to NATS for a while. */
    LINK_HALF_OPEN
}
