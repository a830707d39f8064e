package io.fanfare.broker;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.session.Session;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The last moments of a broker that is to be restarted: nobody new and nothing new is let in, and each client is told to
 * come back, at a time of its own. Any thread may call it.
 */
public final class Drain {

    /** Clients are told to wait up to so long, each a time of its own, so that they do not come back all at once. */
    private static final int MAX_RETRY_MILLIS = 5_000;

    private volatile boolean begun;

    public boolean hasBegun() {
        return begun;
    }

    /**
     * Begins; does nothing when it has begun already.
     *
     * @param over the time over which the goodbyes are spread
     */
    public synchronized void begin(Broker broker, Duration over) {
        if (begun) {
            return;
        }
        // first this, then the list: who is opened meanwhile sees the one or is in the other
        begun = true;
        Set<Session> sessions = broker.sessions();
        int number = 0;
        for (Session session : sessions) {
            Duration in = over.multipliedBy(number++).dividedBy(sessions.size());
            session.loop().execute(() -> sayGoodbye(session, in));
        }
    }

    private static void sayGoodbye(Session session, Duration in) {
        if (in.isZero()) {
            session.close(CloseCode.RESTARTING, reason());
        } else {
            // a timer whose session has gone meanwhile has nothing to do
            session.loop().schedule(in, () -> session.close(CloseCode.RESTARTING, reason()));
        }
    }

    private static String reason() {
        int millis = ThreadLocalRandom.current().nextInt(MAX_RETRY_MILLIS + 1);
        return "restarting; retry-after=" + millis + "ms";
    }

    /**
     * Lets something new in.
     *
     * @throws ProtocolException when the drain has begun
     */
    public void admit() {
        if (begun) {
            throw refusal();
        }
    }

    public static ProtocolException refusal() {
        return new ProtocolException(
                "shutting down",
                "the broker is about to restart and takes nothing new; connect again in a few seconds",
                CloseCode.RESTARTING);
    }
}
