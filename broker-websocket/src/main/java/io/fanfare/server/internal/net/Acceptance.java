package io.fanfare.server.internal.net;

import io.fanfare.loop.LogThrottle;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.IOStrategy;
import org.glassfish.grizzly.Transport;
import org.glassfish.grizzly.nio.NIOConnection;
import org.glassfish.grizzly.nio.transport.TCPNIOServerConnection;
import org.glassfish.grizzly.strategies.SameThreadIOStrategy;
import org.glassfish.grizzly.threadpool.ThreadPoolConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs everything on the selector's own thread, and knows what to do when a socket can't be accepted because the process
 * has no descriptor left: Grizzly says nothing and tries again at once, for ever, with all the thread has.
 */
public final class Acceptance implements IOStrategy {

    private static final Logger LOG = LoggerFactory.getLogger(Acceptance.class);

    /** How long a listener rests; who wants to connect waits in the kernel. */
    private static final Duration REST = Duration.ofMillis(100);

    private final IOStrategy sameThread = SameThreadIOStrategy.getInstance();
    private final EventLoops loops;
    private final LogThrottle lines = new LogThrottle();

    public Acceptance(EventLoops loops) {
        this.loops = loops;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public boolean executeIoEvent(Connection connection, IOEvent event) throws IOException {
        return executeIoEvent(connection, event, true);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public boolean executeIoEvent(Connection connection, IOEvent event, boolean isEventEnabled) throws IOException {
        if (event != IOEvent.SERVER_ACCEPT) {
            return sameThread.executeIoEvent(connection, event, isEventEnabled);
        }
        TCPNIOServerConnection listener = (TCPNIOServerConnection) connection;
        try {
            listener.onAccept();
        } catch (IOException e) {
            if (listener.isOpen()) {
                rest(listener, e);
            }
        }
        return true;
    }

    private void rest(TCPNIOServerConnection listener, IOException why) throws IOException {
        long failures = lines.next(System.nanoTime());
        if (failures > 0) {
            LOG.warn(
                    "no connection can be accepted at {}, tried {} times: {}; those there are go on",
                    listener.getLocalAddress(),
                    failures,
                    why.getMessage());
        }
        listener.disableIOEvent(IOEvent.SERVER_ACCEPT);
        loops.of((NIOConnection) listener).schedule(REST, () -> goOn(listener));
    }

    private static void goOn(TCPNIOServerConnection listener) {
        try {
            listener.enableIOEvent(IOEvent.SERVER_ACCEPT);
        } catch (IOException e) {
            LOG.debug("{} has been closed meanwhile", listener, e);
        }
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Executor getThreadPoolFor(Connection connection, IOEvent event) {
        return null;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable ThreadPoolConfig createDefaultWorkerPoolConfig(Transport transport) {
        return null;
    }
}
