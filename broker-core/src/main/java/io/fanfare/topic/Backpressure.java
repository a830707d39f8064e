package io.fanfare.topic;

import io.fanfare.loop.Congestion;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;

/** Has the senders of messages wait for a subscriber that takes them more slowly than they come. Called on its loop. */
final class Backpressure {

    private Backpressure() {}

    /**
     * Has them wait for the first of the members that holds publishers back; nothing happens when there is none.
     *
     * @param behind messages that follow the first, from one index to another, as far as the filter accepts them
     */
    static void holdBack(
            TopicSubscriber[] members,
            int size,
            MessageFilter filter,
            Message first,
            Object[] behind,
            int from,
            int to) {
        for (int i = 0; i < size; i++) {
            Congestion congestion = members[i].outbox().congestion();
            if (congestion != null && congestion.holdsPublishers()) {
                first.waitFor(congestion);
                for (int j = from; j < to; j++) {
                    Message message = (Message) behind[j];
                    if (filter.accepts(message)) {
                        message.waitFor(congestion);
                    }
                }
                return;
            }
        }
    }
}
