package io.fanfare.topic;

import io.fanfare.frame.Headers;
import io.fanfare.message.MessageEncoder;
import io.fanfare.retention.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told of where its subscription begins: whether all that it asked for could be given, and the cursor of the
 * moment in which it joined.
 *
 * @param receipt headers of the RECEIPT
 * @param firstMessage headers of the first message that is replayed
 * @param hasValues whether last values come
 */
record Verdict(Headers receipt, Headers firstMessage, boolean hasValues) {

    private static final Verdict NONE = new Verdict(Headers.EMPTY, Headers.EMPTY, false);

    static Verdict of(List<Replay.Leg> legs, MessageEncoder encoder) {
        if (legs.stream().anyMatch(leg -> leg.position() == null)) {
            // how much there is of a pattern's topics is known at the end
            return NONE;
        }
        long values = 0;
        long replayed = 0;
        boolean keeps = false;
        Boolean recovered = null;
        for (Replay.Leg leg : legs) {
            Position position = leg.position();
            if (position != null) {
                keeps |= position.keeps();
                values += position.store() == Position.Store.VALUES ? position.count() : 0;
                replayed += position.store() == Position.Store.HISTORY ? position.count() : 0;
                recovered = both(recovered, position.recovered());
            }
        }
        if (!keeps && recovered == null) {
            return NONE;
        }
        Headers.Builder first = Headers.builder();
        if (recovered != null) {
            first.add("recovered", recovered.toString()).add("replayed", replayed);
        }
        Headers verdict = first.build();
        return new Verdict(
                verdict.with(cursor(legs, encoder)).with(Headers.of("retained", Long.toString(values))),
                verdict,
                values > 0);
    }

    private static @Nullable Boolean both(@Nullable Boolean one, @Nullable Boolean other) {
        return one == null ? other : other == null ? one : Boolean.valueOf(one && other);
    }

    /** Where one topic's subscription joined; several topics have no common cursor. */
    private static Headers cursor(List<Replay.Leg> legs, MessageEncoder encoder) {
        Position position = legs.size() == 1 ? legs.get(0).position() : null;
        if (position == null || !position.keeps()) {
            return Headers.EMPTY;
        }
        return Headers.of("seq", Long.toString(position.joined()), "epoch", encoder.epoch(position.topic()));
    }
}
