package io.fanfare.broker;

import io.fanfare.frame.CloseCode;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Timer;
import io.fanfare.session.Session;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Closes a session before a restart, behind the messages that wait on its loop, and has its client come back at a time of its own.
 * Owned by that loop.
 */
final class Drain {

    /** Clients are told to wait up to so long, each a time of its own, so that they do not come back all at once. */
    private static final int MAX_RETRY_MILLIS = 5_000;

    /** How long messages may wait on the loop; then its sessions are closed in front of them. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Session session;

    /** Runs while the session waits; null: it has not begun to. */
    private @Nullable Timer patience;

    private boolean closed;

    private Drain(Session session) {
        this.session = session;
    }

    /**
     * Closes these sessions, each on its loop.
     *
     * @param over the time over which the closes are spread
     */
    static void close(Set<Session> sessions, Duration over) {
        int number = 0;
        for (Session session : sessions) {
            Duration delay = over.multipliedBy(number++).dividedBy(sessions.size());
            session.loop().execute(() -> new Drain(session).closeIn(delay));
        }
    }

    private void closeIn(Duration delay) {
        if (delay.isZero()) {
            closeBehindWhatWaits();
        } else {
            // a timer whose session has gone meanwhile has nothing to do
            session.loop().schedule(delay, this::closeBehindWhatWaits);
        }
    }

    /** Messages may wait on the loop until subscribers have room, and were on their way before. */
    private void closeBehindWhatWaits() {
        EventLoop loop = session.loop();
        assert loop.isCurrent();
        if (closed || loop.mailbox().heldBack() == 0) {
            close();
            return;
        }
        if (patience == null) {
            patience = loop.schedule(PATIENCE, this::close);
        }
        // not amid the last of them, and more may have come by then
        loop.mailbox().whenNoneIsHeldBack(() -> loop.execute(this::closeBehindWhatWaits));
    }

    /** Nothing happens when the session has gone. */
    private void close() {
        closed = true;
        if (patience != null) {
            patience.cancel();
        }
        session.dismiss(CloseCode.RESTARTING, reason());
    }

    private static String reason() {
        int millis = ThreadLocalRandom.current().nextInt(MAX_RETRY_MILLIS + 1);
        return "restarting; retry-after=" + millis + "ms";
    }
}
