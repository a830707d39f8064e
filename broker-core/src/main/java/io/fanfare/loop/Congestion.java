package io.fanfare.loop;

/** A receiver for which more may come than it takes. Any thread may ask. */
public interface Congestion {

    /** Whether the publishers of what waits for it should wait, too. */
    boolean holdsPublishers();
}
