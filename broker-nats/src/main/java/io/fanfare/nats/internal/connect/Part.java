package io.fanfare.nats.internal.connect;

import io.fanfare.backplane.LocalNode;
import java.io.IOException;

/** A part of a node: what it does with the connections to NATS once they are there. */
public interface Part {

    /**
     * Begins; called once, by a thread that may wait. What other nodes send after the return gets here.
     *
     * @throws IOException when NATS does not answer
     * @throws IllegalStateException when the other nodes refuse this one; the message is a sentence that says why
     */
    void start(Connections connections, LocalNode local) throws IOException, InterruptedException;

    /** Ends, before the connections are closed; also when it has not begun. */
    void close();
}
