package io.fanfare.event;

import io.fanfare.frame.Headers;

/** Listener for each message that has been published; for tests, and for embedders that record what their broker carries. */
@FunctionalInterface
public interface MessageListener {

    /**
     * A message has been given to a topic or queue, and its RECEIPT has not been written: one that waits for its delay or its
     * COMMIT comes when that is over, one that was refused or is a repeat never. Called by the thread that publishes, several
     * at once, so it must be quick and must not block.
     *
     * @param destination by which a SEND of any client reaches it, such as {@code /queue/orders} or {@code
     *     /user/ALICE/queue/news}
     * @param headers as receivers get them
     * @param body the octets; not to be changed
     */
    void published(String destination, Headers headers, byte[] body);
}
