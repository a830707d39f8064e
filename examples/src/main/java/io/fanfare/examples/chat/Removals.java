package io.fanfare.examples.chat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Users that have been removed and stay out for a while; one entry for each, so at most as many as there are users. Any
 * thread may call.
 */
final class Removals {

    /**
     * One removal.
     *
     * @param moderator the user that wanted it
     * @param reason in the moderator's words; may be empty
     * @param until when the removed user may come back
     */
    record Removal(String moderator, String reason, Instant until) {

        /** A sentence for the removed user. */
        String text() {
            return moderator + " has removed you" + (reason.isEmpty() ? "." : " (" + reason + ").");
        }
    }

    private final Map<String, Removal> byUser = new ConcurrentHashMap<>();
    private final Duration length;
    private final Clock clock;

    /**
     * No removals so far.
     *
     * @param length how long a removed user stays out
     */
    Removals(Duration length, Clock clock) {
        this.length = length;
        this.clock = clock;
    }

    /** Keeps a user out from now on. */
    Removal add(String user, String moderator, String reason) {
        Removal removal = new Removal(moderator, reason, clock.instant().plus(length));
        byUser.put(user, removal);
        return removal;
    }

    /** What keeps a user out now; empty: nothing. */
    Optional<Removal> of(String user) {
        return Optional.ofNullable(byUser.get(user))
                .filter(removal -> clock.instant().isBefore(removal.until()));
    }

    /** How long a removal still lasts, in whole seconds, rounded up. */
    long secondsLeft(Removal removal) {
        Duration left = Duration.between(clock.instant(), removal.until());
        return Math.max(1, left.plusMillis(999).toSeconds());
    }
}
