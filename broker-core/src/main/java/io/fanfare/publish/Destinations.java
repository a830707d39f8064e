package io.fanfare.publish;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.queue.DeadLetters;
import io.fanfare.queue.Queues;
import io.fanfare.topic.Topics;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** All topics and queues there are. Any thread may publish; subscriptions come and go on their loops. */
public final class Destinations {

    private final AtomicLong numbers = new AtomicLong();
    private final BrokerOptions options;
    private final Topics topics;
    private final Queues queues;
    private final DeadLetters deadLetters = new DeadLetters(this);
    private final Memory memory;

    public Destinations(BrokerOptions options) {
        this.options = options;
        this.memory = new Memory(options);
        this.topics = new Topics(numbers, this::checkRoom);
        this.queues = new Queues(options, numbers, memory, this::checkRoom);
    }

    /** Makes sure that one more may come. */
    private void checkRoom() {
        int count = topics.count() + queues.count();
        if (count >= options.destinations().maxDestinations()) {
            throw new ProtocolException(
                    "too many destinations",
                    String.format(
                            Locale.ROOT,
                            "the broker has %,d topics and queues, its limit is %,d (max_destinations); those that"
                                    + " nobody uses go by themselves",
                            count,
                            options.destinations().maxDestinations()),
                    CloseCode.OVERLOAD);
        }
    }

    public Memory memory() {
        return memory;
    }

    public Topics topics() {
        return topics;
    }

    public Queues queues() {
        return queues;
    }

    public DeadLetters deadLetters() {
        return deadLetters;
    }

    /** Hands messages to one destination, with nothing between them. */
    public Outcome publish(Destination destination, List<Message> messages) {
        return switch (destination.kind()) {
            case TOPIC -> topics.publish(destination.key(), messages);
            case QUEUE -> queues.publish(destination.key(), messages);
            case PATTERN -> throw new IllegalArgumentException("not for messages: " + destination);
        };
    }

    /** One SEND: to each of its destinations. */
    public Outcome publish(List<Destination> targets, Message message) {
        if (targets.size() == 1) {
            Destination target = targets.get(0);
            return publish(target, List.of(message.to(target)));
        }
        Batch batch = new Batch(this);
        batch.add(targets, message);
        batch.reserve();
        return batch.publish();
    }
}
