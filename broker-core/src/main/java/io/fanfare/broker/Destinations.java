package io.fanfare.broker;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** All topics and queues there are. They come with the first who needs them and go with the last; any thread may ask. */
final class Destinations {

    private final BrokerOptions options;
    private final Map<String, Topic> topics = new ConcurrentHashMap<>();
    private final Map<String, Queue> queues = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    Destinations(BrokerOptions options) {
        this.options = options;
    }

    /** Hands the message to the destination; a topic nobody has subscribed to drops it. */
    void publish(Destination destination, Message message) {
        switch (destination.kind()) {
            case TOPIC -> {
                Topic topic = topics.get(destination.name());
                if (topic != null) {
                    topic.publish(message);
                }
            }
            case QUEUE -> {
                while (!queue(destination.name()).offer(message)) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /** Adds the subscription to its destination; called on its loop. */
    void subscribe(Subscription subscription, LoopState state) {
        Destination destination = subscription.destination();
        switch (destination.kind()) {
            case TOPIC -> {
                if (subscription.ackMode() != AckMode.AUTO) {
                    consume(newQueue(destination), subscription, state);
                }
                Topic topic = topic(destination.name());
                while (!topic.subscribe(subscription, state)) {
                    topic = topic(destination.name());
                }
                subscription.topic(topic);
            }
            case QUEUE -> {
                while (!consume(queue(destination.name()), subscription, state)) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    private static boolean consume(Queue queue, Subscription subscription, LoopState state) {
        Consumer consumer = new Consumer(queue, subscription, state.loop());
        subscription.consumer(consumer);
        return queue.subscribe(consumer);
    }

    /** Takes the subscription out again; called on its loop. */
    void unsubscribe(Subscription subscription, LoopState state) {
        Topic topic = subscription.topic();
        if (topic != null && topic.unsubscribe(subscription, state)) {
            topics.remove(topic.name(), topic);
        }
        Consumer consumer = subscription.consumer();
        if (consumer != null) {
            consumer.queue().unsubscribe(consumer);
            collect(consumer.queue());
        }
    }

    /** Lets go of a queue that holds nothing and that nobody reads. */
    void collect(Queue queue) {
        if (queue.goIfUnused()) {
            queues.remove(queue.name(), queue);
        }
    }

    private Topic topic(String name) {
        return topics.computeIfAbsent(name, n -> new Topic(n, numbers.incrementAndGet()));
    }

    private Queue queue(String name) {
        return queues.computeIfAbsent(name, n -> new Queue(n, numbers.incrementAndGet(), options));
    }

    private Queue newQueue(Destination destination) {
        return new Queue(destination.name(), numbers.incrementAndGet(), options);
    }

    int topicCount() {
        return topics.size();
    }

    int queueCount() {
        return queues.size();
    }
}
