package io.fanfare.message;

import java.util.List;

/**
 * Effect of a SEND at the time it was accepted.
 *
 * @param matched subscriptions of its topics, and queues, that it was for
 * @param delivered subscriptions it was handed to, before their selectors are asked
 * @param queued queues that keep it until a consumer has credit
 * @param dropped topics without subscribers, and temporary queues that have gone with their connection
 * @param duplicate whether it was a repeat, by its {@code dedup-id}, and went nowhere
 */
public record Outcome(int matched, int delivered, int queued, int dropped, boolean duplicate) {

    public static final Outcome NOTHING = new Outcome(0, 0, 0, 0);

    /** Effect of a SEND that repeats one which was published. */
    public static final Outcome DUPLICATE = new Outcome(0, 0, 0, 0, true);

    /** Effect of a SEND that is no repeat. */
    public Outcome(int matched, int delivered, int queued, int dropped) {
        this(matched, delivered, queued, dropped, false);
    }

    /** What becomes of messages whose destination has gone. */
    public static Outcome dropped(List<Message> messages) {
        return new Outcome(messages.size(), 0, 0, messages.size());
    }

    public Outcome plus(Outcome other) {
        return new Outcome(
                matched + other.matched, delivered + other.delivered, queued + other.queued, dropped + other.dropped);
    }
}
