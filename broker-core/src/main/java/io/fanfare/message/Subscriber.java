package io.fanfare.message;

import io.fanfare.loop.Outbox;

/** A subscription as topics and queues see it. Owned by the loop of its outbox. */
public interface Subscriber {

    /** Takes shared bytes, says whether its socket is full, and which loop it lives on. */
    Outbox outbox();

    Encoding encoding();

    MessageFilter filter();

    /** Whether it still wants messages: false from UNSUBSCRIBE on. */
    boolean isActive();
}
