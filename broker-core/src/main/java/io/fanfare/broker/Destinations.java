package io.fanfare.broker;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** All topics and queues there are. Any thread may publish; subscriptions come and go on their loops. */
final class Destinations {

    private final AtomicLong numbers = new AtomicLong();
    private final BrokerOptions options;
    private final Topics topics;
    private final Queues queues;
    private final DeadLetters deadLetters = new DeadLetters(this);
    private final Memory memory;

    Destinations(BrokerOptions options) {
        this.options = options;
        this.memory = new Memory(options);
        this.topics = new Topics(numbers, this::checkRoom);
        this.queues = new Queues(options, numbers, memory, this::checkRoom);
    }

    /** Makes sure that one more may come. */
    private void checkRoom() {
        int count = topics.count() + queues.count();
        if (count >= options.maxDestinations()) {
            throw new ProtocolException(
                    "too many destinations",
                    String.format(
                            Locale.ROOT,
                            "the broker has %,d topics and queues, its limit is %,d (max_destinations); those that"
                                    + " nobody uses go by themselves",
                            count,
                            options.maxDestinations()),
                    CloseCode.OVERLOAD);
        }
    }

    Memory memory() {
        return memory;
    }

    Topics topics() {
        return topics;
    }

    Queues queues() {
        return queues;
    }

    DeadLetters deadLetters() {
        return deadLetters;
    }

    /** Hands messages to one destination, with nothing between them. */
    Outcome publish(Destination destination, List<Message> messages) {
        return switch (destination.kind()) {
            case TOPIC -> topics.publish(destination.key(), messages);
            case QUEUE -> queues.publish(destination.key(), messages);
            case PATTERN -> throw new IllegalArgumentException("not for messages: " + destination);
        };
    }

    /** One SEND: to each of its destinations. */
    Outcome publish(List<Destination> targets, Message message) {
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
