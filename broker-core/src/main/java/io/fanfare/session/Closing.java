package io.fanfare.session;

import io.fanfare.frame.Frame;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.Connection;

/**
 * The state of a session that reads nothing more, while what was written is still on its way out.
 *
 * @param before the state that has ended; its deliveries may still leave
 */
record Closing(SessionState before, Connection connection) implements SessionState {

    @Override
    public void handle(Frame frame) {
        // STOMP 1.2, ERROR: nothing that comes afterwards is looked at
    }

    @Override
    public StompVersion version() {
        return before.version();
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
