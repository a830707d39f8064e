package io.fanfare.backplane;

/** Ways in which the messages of a destination get to the nodes that need them. */
public enum Carriage {
    /** Not at all: this node's clients alone have them. */
    HERE,
    /** This node's subscribers get them at once, those of other nodes soon, and nothing keeps them. */
    LIVE,
    /** The node of the connection that the destination belongs to gets them. */
    OWNER,
    /** The topic's one order is outside of the nodes: all nodes, this one too, get them from there. */
    KEPT,
    /** The queue is outside of the nodes, and they take messages from it for their consumers. */
    QUEUE;

    /** Whether a message has to be kept outside of the nodes before its SEND has had its effect. */
    public boolean isDurable() {
        return this == KEPT || this == QUEUE;
    }
}
