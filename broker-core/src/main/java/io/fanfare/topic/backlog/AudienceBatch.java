package io.fanfare.topic.backlog;

import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages of one topic that all members of an audience get alike. For those that have to wait, the entries are made once for all.
 * Owned by the loop of the audience.
 */
public final class AudienceBatch {

    private final Backlog.Entry first;
    private final Object[] behind;
    private final int from;
    private final int to;
    private final MessageFilter filter;

    /** Null until a member has to wait. */
    private @Nullable List<Backlog.Entry> entries;

    /** Of each key the newest, which stands for the others; null until a member has to wait that conflates. */
    private @Nullable Map<String, Backlog.Entry> conflated;

    /**
     * A message, and those behind it.
     *
     * @param behind messages that follow, from one index to another, as far as the filter accepts them
     */
    public AudienceBatch(Backlog.Entry first, Object[] behind, int from, int to, MessageFilter filter) {
        this.first = first;
        this.behind = behind;
        this.from = from;
        this.to = to;
        this.filter = filter;
    }

    /** All of them, in their order. */
    public List<Backlog.Entry> entries() {
        if (entries == null) {
            entries = new ArrayList<>(1 + to - from);
            entries.add(first);
            for (int i = from; i < to; i++) {
                Message message = (Message) behind[i];
                if (filter.accepts(message)) {
                    entries.add(Backlog.Entry.of(first.topic(), message));
                }
            }
        }
        return entries;
    }

    /** The newest of each key, which tells how many it stands for; in the order of these. */
    Map<String, Backlog.Entry> conflated(DeliveryPolicy policy) {
        if (conflated == null) {
            conflated = conflate(entries(), policy);
        }
        return conflated;
    }

    private static Map<String, Backlog.Entry> conflate(List<Backlog.Entry> entries, DeliveryPolicy policy) {
        Map<String, Backlog.Entry> byKey = new LinkedHashMap<>();
        for (Backlog.Entry entry : entries) {
            String key = policy.keyOf(entry.message());
            Backlog.Entry older = byKey.remove(key);
            byKey.put(key, older == null ? entry : entry.instead(older));
        }
        return byKey;
    }
}
