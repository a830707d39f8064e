package io.fanfare.publish;

import io.fanfare.backplane.Backplane;
import io.fanfare.durable.DurableSubscriptions;
import io.fanfare.durable.Durables;
import io.fanfare.durable.SharedDurables;
import io.fanfare.event.MessageListener;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.options.DestinationLimits;
import io.fanfare.options.QueueOptions;
import io.fanfare.options.TopicOptions;
import io.fanfare.presence.Presence;
import io.fanfare.queue.Queues;
import io.fanfare.statistics.Drop;
import io.fanfare.statistics.MessageCounts;
import io.fanfare.topic.Topics;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** All topics and queues of a broker. Any thread may publish; subscriptions come and go on their loops. */
public final class Destinations {

    private final DestinationLimits limits;
    private final Topics topics;
    private final Queues queues;
    private final Durables durables;
    private final Presence presence;
    private final MessageCounts counts = new MessageCounts();

    /** Null: there is none. */
    private volatile @Nullable MessageListener listener;

    /**
     * No topics and no queues.
     *
     * @param backplane carries messages to other nodes; null: this node is the only one
     */
    public Destinations(
            DestinationLimits limits,
            QueueOptions queueOptions,
            TopicOptions topicOptions,
            @Nullable Backplane backplane,
            String epochPrefix,
            Memory memory,
            Loops loops) {
        AtomicLong numbers = new AtomicLong();
        this.limits = limits;
        this.topics = new Topics(numbers, this::checkRoom, memory, loops, topicOptions, epochPrefix);
        this.queues = new Queues(queueOptions, backplane, numbers, memory, loops, this::checkRoom, counts);
        this.presence = new Presence(topics, numbers, loops, memory, topicOptions);
        this.durables = backplane == null
                ? new DurableSubscriptions(queues, topics, queueOptions, limits, memory)
                : new SharedDurables(backplane, queues, topics, queueOptions, limits, memory, counts);
    }

    /** Makes sure that one more may come. */
    private void checkRoom() {
        int count = topics.count() + topics.retained().claimedTopics() + queues.count();
        if (count >= limits.maxDestinations()) {
            throw new ProtocolException(
                    "too many destinations",
                    Limits.exceeded(
                                    "the broker has %,d topics and queues",
                                    count, limits.maxDestinations(), "max_destinations")
                            + "; unused ones go by themselves",
                    CloseCode.OVERLOAD);
        }
    }

    /** Has a listener told of each message that is published from now on. */
    public void onPublished(MessageListener newListener) {
        listener = newListener;
    }

    /**
     * Counts messages that were published to one destination, and tells the listener of them.
     *
     * @return their outcome, as it is
     */
    Outcome counted(Destination destination, List<Message> messages, Outcome outcome) {
        boolean toQueue = destination.kind() == Destination.Kind.QUEUE;
        if (toQueue) {
            counts.publishedToQueue(messages.size());
        } else {
            counts.publishedToTopic(messages.size());
        }
        MessageListener told = listener;
        if (told != null) {
            String address = DestinationText.address(destination);
            messages.forEach(each -> told.published(address, each.headers(), each.body()));
        }
        if (outcome.dropped() > 0) {
            counts.dropped(toQueue ? Drop.NO_CONSUMER : Drop.NO_SUBSCRIBER, outcome.dropped());
        }
        return outcome;
    }

    /** What is counted of messages at their destinations. */
    public MessageCounts counts() {
        return counts;
    }

    public Topics topics() {
        return topics;
    }

    public Queues queues() {
        return queues;
    }

    public Durables durables() {
        return durables;
    }

    /** Which sessions are subscribed to which topics. */
    public Presence presence() {
        return presence;
    }
}
