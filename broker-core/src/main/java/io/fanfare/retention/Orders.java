package io.fanfare.retention;

import io.fanfare.message.Message;
import io.fanfare.options.TopicRule;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The orders of rules whose messages get their places outside of this node. Any thread may ask; one changes the order of a rule. */
public final class Orders {

    /**
     * A rule's order before and after a change.
     *
     * @param old the same as now, unless it begins anew
     */
    public record Change(Order old, Order now) {

        /** Whether it began anew. */
        public boolean isNewLife() {
            return old != now;
        }
    }

    /** By what the rule matches. */
    private final Map<String, Order> byMatch = new ConcurrentHashMap<>();

    public boolean isEmpty() {
        return byMatch.isEmpty();
    }

    /** In which the messages of a rule's topics have their places; null: each topic counts its own. */
    public @Nullable Order of(@Nullable TopicRule rule) {
        return rule == null || byMatch.isEmpty() ? null : byMatch.get(rule.match());
    }

    /**
     * An order begins, or has lost messages; with another name of its epoch it begins anew.
     *
     * @param lostUpTo what has a number up to here can't be given
     */
    public Change change(TopicRule rule, String epoch, long lostUpTo) {
        Order old = byMatch.get(rule.match());
        if (old != null && old.epoch().name().equals(epoch)) {
            old.lost(old.epoch().place(lostUpTo));
            return new Change(old, old);
        }
        // behind all places that clients may have got
        Message.Epoch begun = new Message.Epoch(epoch, old == null ? 0 : old.furthest());
        Order order = new Order(begun, begun.place(lostUpTo));
        byMatch.put(rule.match(), order);
        return new Change(old == null ? order : old, order);
    }
}
