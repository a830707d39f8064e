package io.fanfare.session;

import io.fanfare.frame.Frame;
import io.fanfare.loop.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of a session that reads nothing more, while what was written is still on its way out.
 *
 * @param before the state that has ended; its deliveries may still leave
 */
record Closing(SessionState before, Connection connection) implements SessionState {

    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    /** Runs the steps that end a session. A bug in one must not keep the others from being done: nothing is left behind. */
    static void runAll(Object ending, Runnable... steps) {
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (RuntimeException | Error e) {
                LOG.error("bug while ending {}", ending, e);
            }
        }
    }

    @Override
    public void handle(Frame frame) {
        // STOMP 1.2, ERROR: nothing that comes afterwards is looked at
    }

    @Override
    public void written(long bytes) {
        before.written(bytes);
    }

    @Override
    public void drained() {
        connection.flushed();
    }

    @Override
    public void dropped(long appended) {
        before.dropped(appended);
    }

    @Override
    public void lost() {
        before.lost();
    }
}
