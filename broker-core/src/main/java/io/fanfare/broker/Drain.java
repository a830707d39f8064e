package io.fanfare.broker;

import io.fanfare.frame.CloseCode;
import io.fanfare.session.Session;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Closes all sessions before a restart, and has each client come back at a time of its own. */
final class Drain {

    /** Clients are told to wait up to so long, each a time of its own, so that they do not come back all at once. */
    private static final int MAX_RETRY_MILLIS = 5_000;

    /** How soon to look whether messages still wait, and how often: ten seconds, then a session is closed in front of them. */
    private static final Duration LOOK = Duration.ofMillis(20);

    private static final int MOST_LOOKS = 500;

    private Drain() {}

    /**
     * Closes these sessions, each on its loop.
     *
     * @param over the time over which the closes are spread
     */
    static void close(Set<Session> sessions, Duration over) {
        int number = 0;
        for (Session session : sessions) {
            Duration delay = over.multipliedBy(number++).dividedBy(sessions.size());
            session.loop().execute(() -> closeIn(session, delay));
        }
    }

    private static void closeIn(Session session, Duration delay) {
        if (delay.isZero()) {
            closeBehindWhatWaits(session, MOST_LOOKS);
        } else {
            // a timer whose session has gone meanwhile has nothing to do
            session.loop().schedule(delay, () -> closeBehindWhatWaits(session, MOST_LOOKS));
        }
    }

    /** Messages may wait on the loop until subscribers have room, and were on their way before. */
    private static void closeBehindWhatWaits(Session session, int looks) {
        if (looks > 0 && session.loop().mailbox().heldBack() > 0) {
            session.loop().schedule(LOOK, () -> closeBehindWhatWaits(session, looks - 1));
        } else {
            session.dismiss(CloseCode.RESTARTING, reason());
        }
    }

    private static String reason() {
        int millis = ThreadLocalRandom.current().nextInt(MAX_RETRY_MILLIS + 1);
        return "restarting; retry-after=" + millis + "ms";
    }
}
