package io.fanfare.broker;

import java.util.Arrays;

/**
 * A destination whose messages go to every subscriber and are not kept. Shared by all loops; its lock gives every
 * message its place and hands it to each loop that has subscribers, so that all of them see one order.
 */
final class Topic {

    private final String name;
    private final long number;
    private long sequence;

    /** One for each loop that has subscribers. */
    private Fanout[] fanouts = new Fanout[0];

    /** Set with the last subscriber's leaving; the topic is no longer of use then. */
    private boolean gone;

    Topic(String name, long number) {
        this.name = name;
        this.number = number;
    }

    /** Hands a message to everybody who has subscribed by now; called by any thread. */
    synchronized void publish(Message message) {
        message.place(number, ++sequence);
        for (Fanout fanout : fanouts) {
            fanout.loop().post(fanout, message);
        }
    }

    /**
     * Adds a subscription; called on its loop.
     *
     * @return false when the topic has gone in the meantime and a new one is needed
     */
    boolean subscribe(Subscription subscription, LoopState state) {
        Fanout fanout = state.fanout(this);
        long joined;
        synchronized (this) {
            if (gone) {
                return false;
            }
            joined = sequence;
            if (fanout.isEmpty()) {
                fanouts = Arrays.copyOf(fanouts, fanouts.length + 1);
                fanouts[fanouts.length - 1] = fanout;
            }
        }
        fanout.add(subscription, joined);
        return true;
    }

    /**
     * Removes a subscription; called on its loop.
     *
     * @return whether it was the last one and the topic has gone with it
     */
    boolean unsubscribe(Subscription subscription, LoopState state) {
        Fanout fanout = state.fanout(this);
        fanout.remove(subscription);
        if (!fanout.isEmpty()) {
            return false;
        }
        state.forget(this);
        synchronized (this) {
            fanouts = Arrays.stream(fanouts).filter(other -> other != fanout).toArray(Fanout[]::new);
            gone = fanouts.length == 0;
            return gone;
        }
    }

    String name() {
        return name;
    }
}
