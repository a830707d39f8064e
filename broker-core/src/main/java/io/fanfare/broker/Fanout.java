package io.fanfare.broker;

import java.util.ArrayList;
import java.util.List;

/** One loop's subscribers of one topic, in groups that get the same bytes. Owned by that loop. */
final class Fanout implements Mailbox.Receiver {

    private final LoopState state;
    private final List<Audience> audiences = new ArrayList<>(1);
    private final List<Feed> feeds = new ArrayList<>(0);

    /** A subscription that acknowledges: its messages wait in a queue of its own. */
    private record Feed(Consumer consumer, long joined) {}

    Fanout(LoopState state) {
        this.state = state;
    }

    EventLoop loop() {
        return state.loop();
    }

    boolean isEmpty() {
        return audiences.isEmpty() && feeds.isEmpty();
    }

    /**
     * Adds a subscription.
     *
     * @param joined the topic's sequence when it joined; it gets what comes after
     */
    void add(Subscription subscription, long joined) {
        Consumer consumer = subscription.consumer();
        if (consumer != null) {
            feeds.add(new Feed(consumer, joined));
            return;
        }
        Encoding encoding = subscription.encoding();
        for (Audience audience : audiences) {
            if (audience.encoding().equals(encoding)) {
                audience.add(subscription, joined);
                return;
            }
        }
        Audience audience = new Audience(encoding);
        audience.add(subscription, joined);
        audiences.add(audience);
    }

    void remove(Subscription subscription) {
        if (feeds.removeIf(feed -> feed.consumer == subscription.consumer())) {
            return;
        }
        for (int i = 0; i < audiences.size(); i++) {
            Audience audience = audiences.get(i);
            if (audience.encoding().equals(subscription.encoding())) {
                audience.remove(subscription);
                if (audience.isEmpty()) {
                    audiences.remove(i);
                }
                return;
            }
        }
    }

    @Override
    public void receive(Object[] items, int from, int to) {
        for (int i = 0; i < audiences.size(); i++) {
            audiences.get(i).deliver(items, from, to, state.messages());
        }
        for (int i = 0; i < feeds.size(); i++) {
            feed(feeds.get(i), items, from, to);
        }
        state.loop().flushIfLong();
    }

    private static void feed(Feed feed, Object[] items, int from, int to) {
        for (int i = from; i < to; i++) {
            Message message = (Message) items[i];
            if (message.sequence() > feed.joined) {
                feed.consumer.feed(message);
            }
        }
    }
}
