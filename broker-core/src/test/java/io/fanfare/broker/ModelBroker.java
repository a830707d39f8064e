package io.fanfare.broker;

import io.fanfare.queue.AckMode;
import io.fanfare.queue.Deliveries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The broker as PROTOCOL.md describes it: one thread, plain lists, no loops. */
final class ModelBroker {

    static final int MAX_DELIVERIES = 3;

    /** As long as nothing waits for redelivery after it. */
    static final Duration LONGEST_DELAY = Duration.ofSeconds(10);

    private final boolean delays;

    private final Map<String, ModelQueue> queues = new LinkedHashMap<>();
    private final List<ModelSubscription> subscriptions = new ArrayList<>();
    private long now;

    /**
     * A broker without queues.
     *
     * @param delays whether what is given back more than once waits, a second first
     */
    ModelBroker(boolean delays) {
        this.delays = delays;
    }

    /** How long what has been delivered so often waits when it is given back. */
    static Duration redeliveryDelay(int deliveries) {
        if (deliveries < 2) {
            return Duration.ZERO;
        }
        Duration doubled = Duration.ofSeconds(1L << Math.min(deliveries - 2, 8));
        return doubled.compareTo(LONGEST_DELAY) < 0 ? doubled : LONGEST_DELAY;
    }

    long queueCount() {
        return queues.values().stream()
                .filter(queue -> !queue.isPrivate() && queue.isInUse())
                .count();
    }

    private ModelQueue queue(String name) {
        return queues.computeIfAbsent(name, n -> new ModelQueue(n, false));
    }

    // ---- SEND -----------------------------------------------------------------------------------------------------

    void publish(ModelMessage message) {
        message.targets().forEach(target -> publish(target, List.of(message)));
    }

    /** Each destination gets its messages without another between them. */
    void publishTogether(List<ModelMessage> messages) {
        Map<String, List<ModelMessage>> byTarget = new LinkedHashMap<>();
        for (ModelMessage message : messages) {
            for (String target : message.targets()) {
                byTarget.computeIfAbsent(target, t -> new ArrayList<>()).add(message);
            }
        }
        byTarget.forEach(this::publish);
    }

    private void publish(String target, List<ModelMessage> messages) {
        now++;
        for (ModelMessage message : messages) {
            if (target.startsWith("/queue/")) {
                queue(target).add(message, target, now, false);
            } else {
                subscriptions.forEach(subscription -> offer(subscription, message, target));
            }
        }
    }

    private void offer(ModelSubscription subscription, ModelMessage message, String topic) {
        if (!subscription.accepts(message)) {
            return;
        }
        if (subscription.targets.stream().noneMatch(target -> ModelSubscription.matches(target, topic))) {
            return;
        }
        if (subscription.ackMode == AckMode.AUTO) {
            subscription.expected.add(message.body() + " of " + topic);
        } else {
            // the topic hands them on one by one
            subscription.ownConsumer().queue.add(message, topic, ++now, false);
        }
    }

    // ---- SUBSCRIBE and UNSUBSCRIBE --------------------------------------------------------------------------------

    void subscribe(ModelSubscription subscription) {
        for (String target : subscription.targets) {
            boolean isTopic = target.startsWith("/topic/");
            if (isTopic && subscription.ackMode == AckMode.AUTO) {
                continue;
            }
            if (isTopic && subscription.ownConsumer() != null) {
                continue;
            }
            String own = "topics for " + subscription.client + " " + subscription.id;
            ModelQueue queue =
                    isTopic ? queues.computeIfAbsent(own, name -> new ModelQueue(name, true)) : queue(target);
            ModelConsumer consumer = new ModelConsumer(subscription, queue);
            queue.subscribe(consumer);
            subscription.consumers.add(consumer);
        }
        subscriptions.add(subscription);
    }

    void unsubscribe(ModelSubscription subscription) {
        subscription.active = false;
        subscriptions.remove(subscription);
        for (ModelConsumer consumer : subscription.consumers) {
            consumer.queue.unsubscribe(consumer);
        }
    }

    // ---- ACK and NACK ---------------------------------------------------------------------------------------------

    void settle(ModelClient client, ModelClient.Delivery delivery, Deliveries.Verdict verdict) {
        if (!client.unsettled.contains(delivery)) {
            // a later one's ACK was for this one too
            return;
        }
        ModelSubscription subscription = delivery.consumer().subscription;
        List<ModelClient.Delivery> covered = new ArrayList<>();
        if (subscription.ackMode == AckMode.CLIENT_INDIVIDUAL) {
            covered.add(delivery);
        } else {
            for (ModelClient.Delivery each : client.unsettled) {
                if (each.consumer().subscription == subscription) {
                    covered.add(each);
                }
                if (each == delivery) {
                    break;
                }
            }
        }
        client.unsettled.removeAll(covered);
        now++;
        List<ModelClient.Delivery> dead = new ArrayList<>();
        covered.forEach(each -> settle(each, verdict, delays, dead));
        dead.forEach(each -> bury(each, false));
    }

    private void settle(
            ModelClient.Delivery delivery,
            Deliveries.Verdict verdict,
            boolean isDelayed,
            List<ModelClient.Delivery> dead) {
        ModelQueue queue = delivery.consumer().queue;
        ModelEntry entry = delivery.entry();
        boolean lasts = entry.deliveries < MAX_DELIVERIES || queue.isDeadLetters();
        if (verdict == Deliveries.Verdict.REQUEUE && lasts) {
            if (isDelayed && entry.deliveries > 1) {
                queue.giveBackLater(delivery.consumer(), entry);
            } else {
                queue.giveBack(delivery.consumer(), entry, now);
            }
            return;
        }
        queue.settle(delivery.consumer());
        if (verdict != Deliveries.Verdict.ACK) {
            dead.add(delivery);
        }
    }

    private void bury(ModelClient.Delivery delivery, boolean placeUnknown) {
        ModelQueue queue = delivery.consumer().queue;
        if (!queue.isPrivate() && !queue.isDeadLetters()) {
            String name = "/queue/DLQ." + queue.name().substring("/queue/".length());
            now++;
            queue(name).add(delivery.entry().message, name, now, placeUnknown);
        }
    }

    /**
     * A connection has ended, and all that it saw is known: what it has not settled goes back.
     *
     * @param inOneStep whether nothing else happened since the last comparison
     */
    void giveAllBack(ModelClient client, boolean inOneStep) {
        now++;
        client.unsettled.forEach(each -> each.entry().free |= !inOneStep);
        List<ModelClient.Delivery> dead = new ArrayList<>();
        client.unsettled.forEach(each -> settle(each, Deliveries.Verdict.REQUEUE, false, dead));
        client.unsettled.clear();
        dead.forEach(each -> bury(each, true));
    }

    /** Whether something is ready again later. */
    boolean isAwaited() {
        return queues.values().stream().anyMatch(ModelQueue::isAwaited);
    }

    /** {@link #LONGEST_DELAY} has gone by. */
    void redeliver() {
        queues.values().forEach(queue -> queue.redeliver(() -> ++now));
    }

    // ---- what was seen --------------------------------------------------------------------------------------------

    /** Nothing is on its way any more. */
    void compare(boolean inOneStep) {
        queues.values().forEach(queue -> queue.compare(inOneStep));
        queues.values().removeIf(queue -> queue.isPrivate() && queue.hasNoConsumer());
    }
}
