package io.fanfare.selector;

/**
 * A text that is no selector. The message is one sentence fit for the client: it names the column, counted in
 * characters from 1, and quotes at most 40 characters of the text, control characters escaped.
 */
public final class InvalidSelectorException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidSelectorException(int column, String problem) {
        super("invalid selector at column " + column + ": " + problem);
    }
}
