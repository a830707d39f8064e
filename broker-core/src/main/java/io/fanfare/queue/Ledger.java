package io.fanfare.queue;

import io.fanfare.message.MessageId;
import java.util.ArrayList;
import java.util.Collection;
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

    private final Map<Long, Unsettled> byNumber = new LinkedHashMap<>(0);

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
        Unsettled before = byNumber.put(delivery.number(), delivery);
        if (before != null) {
            throw new IllegalStateException("two deliveries have the number " + delivery.number());
        }
        if (byMessage != null) {
            index(byMessage, delivery);
        }
    }

    void remove(Unsettled delivery) {
        byNumber.remove(delivery.number(), delivery);
        if (byMessage != null) {
            byMessage.computeIfPresent(delivery.messageId(), (id, deliveries) -> {
                deliveries.remove(delivery);
                return deliveries.isEmpty() ? null : deliveries;
            });
        }
    }

    /** All of them, oldest first. */
    Collection<Unsettled> all() {
        return byNumber.values();
    }

    void clear() {
        byNumber.clear();
        byMessage = null;
    }

    @Nullable
    Unsettled find(long number) {
        return byNumber.get(number);
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
            for (Unsettled each : byNumber.values()) {
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
