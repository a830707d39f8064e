package io.fanfare.backplane;

/** Brings messages of a shared queue to this node's consumers. Any thread may call, also under a lock; none of the calls blocks. */
public interface QueueSource extends AutoCloseable {

    /** How many messages the consumers could take more, in place of the number before; what comes beyond it is given back. */
    void want(int messages);

    /** The node has no consumers any more: what is still on its way is given back. */
    @Override
    void close();
}
