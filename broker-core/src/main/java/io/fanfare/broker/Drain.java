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
            session.dismiss(CloseCode.RESTARTING, reason());
        } else {
            // a timer whose session has gone meanwhile has nothing to do
            session.loop().schedule(delay, () -> session.dismiss(CloseCode.RESTARTING, reason()));
        }
    }

    private static String reason() {
        int millis = ThreadLocalRandom.current().nextInt(MAX_RETRY_MILLIS + 1);
        return "restarting; retry-after=" + millis + "ms";
    }
}
