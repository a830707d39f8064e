package io.fanfare.nats.internal.queue;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Append connection to JetStream that keeps the order and ends at its first error: what has arrived is a first part of what was given, without a hole.
 * Owned by the worker, which all answers are told.
 */
interface Line {

    /** The engine's server that the line goes to, another one after each of its starts. */
    String server();

    /**
     * Sends a message to its stream.
     *
     * @throws IllegalArgumentException when it is too large for the server
     */
    void append(Append append, Duration atMost, Consumer<Answer> then);

    /** Asks whether a stream has a message, without sending it; see {@link Answer#ofQuestion}. */
    void ask(Append append, Duration atMost, Consumer<Answer> then);

    /** Tells of answers that have not come in time. Called now and then. */
    void look(long now);

    /** Ends it; no answer is told any more. */
    void close();

    /** Makes lines. */
    interface Opener {

        /**
         * Opens one, soon, and tries until there is one.
         *
         * @param opened gets the line
         * @param ended gets a line that has ended by itself; only after {@code opened} has got it
         */
        void open(Consumer<Line> opened, Consumer<Line> ended);
    }
}
