package io.fanfare.loop;

/** Congestion of one receiver: more messages may come than its socket takes. Any thread may ask. */
public interface Congestion {

    /** Whether the publishers of what waits for it should wait, too. */
    boolean holdsPublishers();
}
