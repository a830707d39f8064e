package io.fanfare.nats.history;

/**
 * What was promised and did not hold.
 *
 * @param kind a word or two for the promise
 * @param text what was seen, in a sentence
 * @param client the connection that has seen it
 * @param message the message's own id
 * @param at when it was seen
 */
record Violation(String kind, String text, String client, String message, long at) {

    static Violation of(String kind, Event seen, String text) {
        return new Violation(kind, text, seen.client(), seen.message(), seen.at());
    }

    @Override
    public String toString() {
        return kind + ": " + text;
    }
}
