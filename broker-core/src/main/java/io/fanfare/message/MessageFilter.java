package io.fanfare.message;

import io.fanfare.selector.Selector;
import org.jspecify.annotations.Nullable;

/**
 * Selection of the messages that a subscription gets of its destination.
 *
 * @param selector what they must match; null: nothing
 * @param exceptFrom the connection whose messages it leaves out (no-local); null: none
 */
public record MessageFilter(
        @Nullable Selector selector, @Nullable Sender exceptFrom) {

    public static final MessageFilter ALL = new MessageFilter(null, null);

    /** A filter of these parts. */
    public static MessageFilter of(@Nullable Selector selector, @Nullable Sender exceptFrom) {
        return selector == null && exceptFrom == null ? ALL : new MessageFilter(selector, exceptFrom);
    }

    public boolean isAll() {
        return selector == null && exceptFrom == null;
    }

    public boolean accepts(Message message) {
        return (exceptFrom == null || !exceptFrom.hasSent(message))
                && (selector == null || selector.matches(message::selected));
    }

    /** Filters of one audience are asked once for all its members: they must be the same to the letter. */
    public boolean isSame(MessageFilter other) {
        return exceptFrom == other.exceptFrom && text().equals(other.text());
    }

    /** About what it takes in memory, without the connection whose messages it leaves out. */
    public long bytes() {
        return selector == null ? 0 : selector.bytes();
    }

    /** The selector as it was written; empty without one. */
    public String text() {
        return selector == null ? "" : selector.text();
    }
}
