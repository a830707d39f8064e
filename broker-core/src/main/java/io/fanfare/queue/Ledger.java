package io.fanfare.queue;

import io.fanfare.message.MessageId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One session's deliveries that wait for ACK or NACK, by their number, and, for clients that name them so, by message-id.
 * Owned by the session's loop.
 */
final class Ledger {

    private static final int INITIAL = 16;

    private static final @Nullable Unsettled[] NONE = {};

    /** Deliveries are settled about in their order; those that lag behind further than this are kept apart. */
    private static final int MOST_RECENT = 1_024;

    /** The latest deliveries, each at its number modulo the length, a power of two; null: settled. */
    private @Nullable Unsettled[] recent = NONE;

    /** Those before them that still wait, in their order. */
    private Map<Long, Unsettled> earlier = Collections.emptyMap();

    /**
     * For each message its deliveries, one for each subscription at most; made when the first ACK names one: most clients
     * never do.
     */
    private @Nullable Map<MessageId, List<Unsettled>> byMessage;

    private long lastNumber;

    /** The number of the next delivery: none is used twice. */
    long nextNumber() {
        return ++lastNumber;
    }

    void add(Unsettled delivery) {
        while (recent.length < MOST_RECENT && (recent.length == 0 || at(delivery.number()) != null)) {
            grow();
        }
        Unsettled before = at(delivery.number());
        if (before != null) {
            if (earlier.isEmpty()) {
                earlier = new LinkedHashMap<>();
            }
            earlier.put(before.number(), before);
        }
        put(delivery);
        if (byMessage != null) {
            index(byMessage, delivery);
        }
    }

    private @Nullable Unsettled at(long number) {
        return recent.length == 0 ? null : recent[slot(number)];
    }

    private int slot(long number) {
        return (int) number & (recent.length - 1);
    }

    private void put(Unsettled delivery) {
        recent[slot(delivery.number())] = delivery;
    }

    private void grow() {
        @Nullable Unsettled[] before = recent;
        recent = new @Nullable Unsettled[Math.max(INITIAL, 2 * before.length)];
        for (Unsettled each : before) {
            if (each != null) {
                put(each);
            }
        }
    }

    void remove(Unsettled delivery) {
        if (at(delivery.number()) == delivery) {
            recent[slot(delivery.number())] = null;
        } else {
            earlier.remove(delivery.number());
        }
        if (byMessage != null) {
            byMessage.computeIfPresent(delivery.messageId(), (id, deliveries) -> {
                deliveries.remove(delivery);
                return deliveries.isEmpty() ? null : deliveries;
            });
        }
    }

    /** All of them, oldest first. */
    List<Unsettled> all() {
        List<Unsettled> all = new ArrayList<>(earlier.values());
        for (long number = Math.max(1, lastNumber - recent.length + 1); number <= lastNumber; number++) {
            Unsettled each = at(number);
            if (each != null) {
                all.add(each);
            }
        }
        return all;
    }

    void clear() {
        recent = NONE;
        earlier = Collections.emptyMap();
        byMessage = null;
    }

    @Nullable
    Unsettled find(long number) {
        Unsettled found = at(number);
        return found != null && found.number() == number ? found : earlier.get(number);
    }

    /**
     * The oldest delivery of a message that nothing has been said about.
     *
     * @param subscription the id of its subscription; null: any
     */
    @Nullable
    Unsettled find(MessageId id, @Nullable String subscription) {
        for (Unsettled each : byMessage().getOrDefault(id, List.of())) {
            boolean named = subscription == null || subscription.equals(each.subscription());
            if (named && !each.isClaimed()) {
                return each;
            }
        }
        return null;
    }

    private Map<MessageId, List<Unsettled>> byMessage() {
        Map<MessageId, List<Unsettled>> index = byMessage;
        if (index == null) {
            index = new HashMap<>();
            for (Unsettled each : all()) {
                index(index, each);
            }
            byMessage = index;
        }
        return index;
    }

    private static void index(Map<MessageId, List<Unsettled>> index, Unsettled delivery) {
        index.computeIfAbsent(delivery.messageId(), id -> new ArrayList<>(1)).add(delivery);
    }
}
