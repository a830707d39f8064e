package io.fanfare.broker;

import io.fanfare.queue.AckMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * A queue as it should be, slow and simple. Which of several consumers gets a message is the broker's choice: this follows
 * it, and says when it was not allowed.
 */
final class ModelQueue {

    private final String name;
    private final boolean ownedBySubscription;
    private final TreeSet<ModelEntry> ready = new TreeSet<>();

    /** Given back, and not ready before their time. */
    private final List<ModelEntry> waiting = new ArrayList<>();

    private final List<ModelConsumer> consumers = new ArrayList<>();
    private final Map<String, ModelConsumer> groups = new HashMap<>();

    /** Groups that an exclusive consumer, which has gone, may have had or not: what it never saw can't be known here. */
    private final Set<String> unknownGroups = new HashSet<>();

    private long sequence;

    /** Delivered, and neither settled nor given back. */
    private int unsettled;

    /** Consumers that might have been served at some moment since the last comparison. */
    private final Set<ModelConsumer> served = new HashSet<>();

    /** The subscriptions that have got something since the last comparison. */
    private final List<ModelConsumer> receivers = new ArrayList<>();

    /** Whether something that was on its way to a consumer may have come back since the last comparison. */
    private boolean disturbed;

    ModelQueue(String name, boolean ownedBySubscription) {
        this.name = name;
        this.ownedBySubscription = ownedBySubscription;
    }

    String name() {
        return name;
    }

    boolean isPrivate() {
        return ownedBySubscription;
    }

    boolean isDeadLetters() {
        return name.startsWith("/queue/DLQ.");
    }

    /** Whether the broker should know it. */
    boolean isInUse() {
        return !ready.isEmpty() || isAwaited() || unsettled > 0 || !consumers.isEmpty();
    }

    /** Whether something is ready again later. */
    boolean isAwaited() {
        return !waiting.isEmpty();
    }

    boolean hasNoConsumer() {
        return consumers.isEmpty();
    }

    // ---- what clients do ------------------------------------------------------------------------------------------

    void add(ModelMessage message, String destination, long now, boolean placeUnknown) {
        ready.add(new ModelEntry(message, destination, ++sequence, now, placeUnknown));
    }

    void subscribe(ModelConsumer consumer) {
        consumers.add(consumer);
        served.addAll(eligible());
    }

    void unsubscribe(ModelConsumer consumer) {
        served.addAll(eligible());
        consumers.remove(consumer);
        groups.values().removeIf(owner -> owner == consumer);
        if (consumer.subscription.exclusive) {
            unknownGroups.addAll(groups.keySet());
        }
        served.addAll(eligible());
        disturbed = true;
    }

    void settle(ModelConsumer consumer) {
        unsettled--;
        consumer.unsettled--;
    }

    void giveBack(ModelConsumer consumer, ModelEntry entry, long now) {
        settle(consumer);
        entry.since = now;
        // what a topic has for this queue may still be on its way, and come later than this
        entry.free |= isPrivate();
        ready.add(entry);
    }

    void giveBackLater(ModelConsumer consumer, ModelEntry entry) {
        settle(consumer);
        entry.free |= isPrivate();
        waiting.add(entry);
    }

    /** The time of all that waits has come, of what waits longer later; each has its old place. */
    void redeliver(LongSupplier nextMoment) {
        var byDelay = new TreeMap<Long, List<ModelEntry>>();
        waiting.forEach(entry -> byDelay.computeIfAbsent(
                        ModelBroker.redeliveryDelay(entry.deliveries).toMillis(), delay -> new ArrayList<>())
                .add(entry));
        waiting.clear();
        for (List<ModelEntry> together : byDelay.values()) {
            long now = nextMoment.getAsLong();
            together.forEach(entry -> entry.since = now);
            ready.addAll(together);
        }
    }

    private List<ModelConsumer> eligible() {
        for (ModelConsumer consumer : consumers) {
            if (consumer.subscription.exclusive) {
                return List.of(consumer);
            }
        }
        return List.copyOf(consumers);
    }

    // ---- what clients saw -----------------------------------------------------------------------------------------

    /** A client has seen a message; fails unless it was that client's to have, and next. */
    ModelEntry delivered(ModelConsumer consumer, String body, String destination) {
        ModelEntry entry = ready.stream()
                .filter(each -> each.message.body().equals(body) && each.destination.equals(destination))
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        consumer + " got " + body + ", which it has had, or another one has: ready are " + ready));
        ready.remove(entry);
        check(consumer.accepts(entry), consumer + " got " + entry + ", which it had asked not to get");
        check(served.contains(consumer), consumer + " got " + entry + ", but an exclusive consumer was there");
        if (!disturbed) {
            for (ModelEntry earlier : consumer.got) {
                check(!entry.isBefore(earlier), consumer + " got " + earlier + " before " + entry);
            }
        }
        checkGroup(consumer, entry);
        consumer.got.add(entry);
        receivers.add(consumer);
        entry.deliveries++;
        if (consumer.subscription.ackMode != AckMode.AUTO) {
            unsettled++;
            consumer.unsettled++;
        }
        return entry;
    }

    private void checkGroup(ModelConsumer consumer, ModelEntry entry) {
        String group = entry.message.group();
        if (group == null || !consumer.isActive()) {
            return;
        }
        ModelConsumer owner = groups.get(group);
        if (owner != null && owner.subscription.exclusive) {
            // it has taken the group over, and this one had it before
            return;
        }
        check(
                unknownGroups.remove(group) || owner == null || owner == consumer || consumer.subscription.exclusive,
                consumer + " got " + entry + " of group " + group + ", which " + owner + " has");
        groups.put(group, consumer);
    }

    /** Nothing is on its way any more: whether each subscription has got what there was for it. */
    void compare(boolean inOneStep) {
        for (ModelConsumer consumer : consumers) {
            check(
                    consumer.unsettled <= consumer.subscription.prefetch,
                    consumer + " has " + consumer.unsettled + " unsettled messages");
        }
        for (ModelEntry entry : ready) {
            for (ModelConsumer consumer : eligible()) {
                check(
                        !consumer.hasCredit() || !mayTake(consumer, entry),
                        entry + " waits although " + consumer + " could have it");
            }
        }
        if (!disturbed) {
            receivers.forEach(this::compareOrder);
            if (inOneStep) {
                receivers.forEach(this::comparePriority);
            }
        }
        receivers.forEach(consumer -> consumer.got.clear());
        receivers.clear();
        served.clear();
        served.addAll(eligible());
        disturbed = false;
    }

    private void compareOrder(ModelConsumer consumer) {
        for (ModelEntry got : consumer.got) {
            for (ModelEntry left : ready) {
                check(
                        !left.isBefore(got) || !consumer.accepts(left),
                        consumer + " got " + got + ", but " + left + " was first and still waits");
            }
        }
    }

    private void comparePriority(ModelConsumer consumer) {
        for (ModelConsumer other : eligible()) {
            boolean before = other.subscription.priority > consumer.subscription.priority && !other.mayHaveBeenFull();
            for (ModelEntry got : consumer.got) {
                check(
                        !before || got.message.group() != null || !other.accepts(got),
                        consumer + " got " + got + ", but " + other + " has the higher priority");
            }
        }
    }

    private boolean mayTake(ModelConsumer consumer, ModelEntry entry) {
        String group = entry.message.group();
        ModelConsumer owner = group == null ? null : groups.get(group);
        return consumer.accepts(entry)
                && !unknownGroups.contains(group)
                && (owner == null || owner == consumer || consumer.subscription.exclusive);
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
