package io.fanfare.server.internal.net;

import io.fanfare.loop.Connection;
import io.fanfare.loop.EventLoop;
import io.fanfare.session.Session;

/** Source of sessions: the broker, of which a connection needs nothing else. */
@FunctionalInterface
public interface SessionOpener {

    /** Begins the session of a connection that has just been opened; called on its loop. */
    Session open(EventLoop loop, Connection connection);
}
