package io.fanfare.statistics;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counters of messages where no event loop owns them: at their destinations. Any thread may call. */
public final class MessageCounts {

    private final LongAdder toTopics = new LongAdder();
    private final LongAdder toQueues = new LongAdder();
    private final LongAdder expired = new LongAdder();
    private final ReasonCounts<Drop> dropped = new ReasonCounts<>(Drop.class);
    private final ReasonCounts<DeathReason> dead = new ReasonCounts<>(DeathReason.class);

    /** Messages have been published to a topic. */
    public void publishedToTopic(int messages) {
        toTopics.add(messages);
    }

    /** Messages have been published to a queue. */
    public void publishedToQueue(int messages) {
        toQueues.add(messages);
    }

    /** The time to live of messages was over before they were delivered. */
    public void expired(int messages) {
        expired.add(messages);
    }

    /** Messages were dropped. */
    public void dropped(Drop why, int messages) {
        dropped.add(why, messages);
    }

    /** A message has been put among dead letters. */
    public void buried(DeathReason why) {
        dead.add(why, 1);
    }

    /** Messages published to topics; each destination of a composite SEND counts. */
    public long toTopics() {
        return toTopics.sum();
    }

    /** Messages published to queues; each destination of a composite SEND counts. */
    public long toQueues() {
        return toQueues.sum();
    }

    /** Messages that have expired. */
    public long expired() {
        return expired.sum();
    }

    /** Dropped messages by reason, without those that event loops have dropped. */
    public Map<Drop, Long> dropped() {
        return dropped.sums();
    }

    /** Dead letters by reason. */
    public Map<DeathReason, Long> dead() {
        return dead.sums();
    }
}
