package io.fanfare.retention;

import io.fanfare.frame.Headers;
import io.fanfare.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * Answer to a client about where its subscription begins: whether all that it asked for could be given, how much comes,
 * and the cursor of the moment in which it joined.
 *
 * @param receipt headers of the RECEIPT
 * @param firstMessage headers of the first message that is replayed
 * @param hasValues whether last values come
 */
public record Verdict(Headers receipt, Headers firstMessage, boolean hasValues) {

    private static final Verdict NONE = new Verdict(Headers.EMPTY, Headers.EMPTY, false);

    /** Adds up where the subscription begins in each of its topics. Not thread-safe. */
    public static final class Sum {

        private long values;
        private long replayed;
        private boolean keeps;
        private @Nullable Boolean recovered;

        /** Adds a topic. */
        public void add(Position position) {
            keeps |= position.keeps();
            values += position.store() == Position.Store.VALUES ? position.count() : 0;
            replayed += position.store() == Position.Store.HISTORY ? position.count() : 0;
            Boolean one = position.recovered();
            recovered = recovered == null ? one : one == null ? recovered : Boolean.valueOf(recovered && one);
        }

        /**
         * Adds what is known of all topics of a pattern together: that they have been looked through, and whether something of what was asked for
         * is missing where no topic tells it.
         */
        public void addPattern(ReplayRequest request, boolean isComplete) {
            keeps = true;
            if (request.asksForHistory() && (recovered == null || !isComplete)) {
                recovered = false;
            }
        }

        /**
         * The verdict on all of them.
         *
         * @param single where the only topic's subscription joined; null: several topics have no common cursor
         */
        public Verdict verdict(@Nullable Position single) {
            if (!keeps && recovered == null) {
                return NONE;
            }
            Headers.Builder first = Headers.builder();
            if (recovered != null) {
                first.add("recovered", recovered.toString()).add("replayed", replayed);
            }
            Headers verdict = first.build();
            return new Verdict(
                    verdict.with(cursor(single)).with(Headers.of("retained", Long.toString(values))),
                    verdict,
                    values > 0);
        }

        private static Headers cursor(@Nullable Position position) {
            Message.Epoch epoch = position == null ? null : position.epoch();
            return position == null || epoch == null
                    ? Headers.EMPTY
                    : Headers.of("seq", Long.toString(epoch.number(position.joined())), "epoch", epoch.name());
        }
    }
}
