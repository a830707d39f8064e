package io.fanfare.message;

import io.fanfare.selector.Selector;
import io.fanfare.session.Session;
import io.fanfare.session.SubscribeOptions;
import org.jspecify.annotations.Nullable;

/**
 * Which messages of its destination a subscription gets.
 *
 * @param selector what they must match; null: nothing
 * @param exceptFrom the session whose own messages it does without; null: none
 */
public record MessageFilter(
        @Nullable Selector selector, @Nullable Session exceptFrom) {

    public static final MessageFilter ALL = new MessageFilter(null, null);

    public static MessageFilter of(SubscribeOptions options, Session session) {
        if (options.selector() == null && !options.noLocal()) {
            return ALL;
        }
        return new MessageFilter(options.selector(), options.noLocal() ? session : null);
    }

    public boolean isAll() {
        return selector == null && exceptFrom == null;
    }

    public boolean accepts(Message message) {
        return (exceptFrom == null || message.publisher() != exceptFrom)
                && (selector == null || selector.matches(message.headers()::get));
    }

    /** Filters of one audience are asked once for all its members: they must be the same to the letter. */
    public boolean isSame(MessageFilter other) {
        return exceptFrom == other.exceptFrom && text().equals(other.text());
    }

    private String text() {
        return selector == null ? "" : selector.text();
    }
}
