package io.fanfare.broker;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** All topics and queues there are. Any thread may publish; subscriptions come and go on their loops. */
final class Destinations {

    private final AtomicLong numbers = new AtomicLong();
    private final Topics topics = new Topics(numbers);
    private final Queues queues;
    private final DeadLetters deadLetters = new DeadLetters(this);
    private final Memory memory;

    Destinations(BrokerOptions options) {
        this.memory = new Memory(options);
        this.queues = new Queues(options, numbers, memory);
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
