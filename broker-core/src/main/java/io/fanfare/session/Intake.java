package io.fanfare.session;

import io.fanfare.loop.Connection;
import io.fanfare.loop.Memory;
import io.fanfare.loop.Timer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether a client is read from: as long as there is a reason not to, it waits, and its own socket fills up. Owned by its
 * session's loop.
 */
public final class Intake {

    /** How long a publisher waits before it is looked at again. */
    private static final Duration SUSPENSION = Duration.ofMillis(20);

    private final Session session;
    private final Connection connection;
    private final Memory memory;

    /** Reasons not to read right now. */
    private int pauses;

    /** Runs while there is too much under way. */
    private @Nullable Timer suspended;

    public Intake(Session session, Connection connection, Memory memory) {
        this.session = session;
        this.connection = connection;
        this.memory = memory;
    }

    public boolean isPaused() {
        return pauses > 0;
    }

    /** Has the client wait until {@link #resume} has been called as often. */
    public void pause() {
        if (pauses++ == 0) {
            connection.suspendReading();
        }
    }

    public void resume() {
        if (--pauses == 0) {
            // that it was silent was our doing
            session.alive();
            connection.resumeReading();
        }
    }

    /** Has a publisher wait until what is under way has become less, if that is much. */
    public void slowDown() {
        if (suspended == null && memory.isHigh()) {
            pause();
            suspended = session.loop().schedule(SUSPENSION, this::reconsider);
        }
    }

    private void reconsider() {
        suspended = null;
        if (memory.isHigh()) {
            suspended = session.loop().schedule(SUSPENSION, this::reconsider);
        } else {
            resume();
        }
    }

    /** The session ends. */
    public void end() {
        if (suspended != null) {
            suspended.cancel();
            suspended = null;
            resume();
        }
    }
}
