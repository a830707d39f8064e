package io.fanfare.event;

import io.fanfare.statistics.Disconnect;
import io.fanfare.statistics.SlowAction;
import io.fanfare.status.SessionStatus;
import io.fanfare.status.SubscriptionStatus;

/**
 * Listener for what happens to connections and subscriptions, with values that stay as they are.
 *
 * <p>Events of one session come in order, on the thread of its event loop, while the loop's other clients wait: a listener must
 * not block. Two loops may call it at the same time; refusals of sockets come on any thread of a transport. What a listener
 * throws is logged, and harms nothing. Listeners are called in the order in which they were added.
 */
public interface BrokerListener {

    /** A client is CONNECTED; its first frame after CONNECT has yet to be handled. */
    default void connected(SessionStatus session) {}

    /**
     * A connected client has gone; its subscriptions have ended before.
     *
     * @param detail what is known beyond the reason, in a sentence; may be empty
     */
    default void disconnected(SessionStatus session, Disconnect reason, String detail) {}

    /** A subscription is in effect: what is published from now on reaches it. Its RECEIPT comes later. */
    default void subscribed(SubscriptionStatus subscription) {}

    /** A subscription has ended, also with its session. A durable one goes on without its client. */
    default void unsubscribed(SubscriptionStatus subscription) {}

    /**
     * A client takes messages so slowly that its connection is ended; {@link #disconnected} follows.
     *
     * @param action {@link SlowAction#DISCONNECT}, {@link SlowAction#CUT} or {@link SlowAction#RECLAIM}
     * @param waitingBytes bytes that wait for its socket
     */
    default void slowConsumer(SessionStatus session, SlowAction action, long waitingBytes) {}

    /** A socket, a login or a frame is refused. */
    default void refused(Refused refused) {}
}
