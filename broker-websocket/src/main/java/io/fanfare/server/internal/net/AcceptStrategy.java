package io.fanfare.server.internal.net;

import io.fanfare.loop.LogThrottle;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
 * Runs every I/O event on its selector's own thread, and pauses a listener that cannot accept, for want of a file
 * descriptor: Grizzly would say nothing and try again at once, for ever, with all of the thread's time.
 */
public final class AcceptStrategy implements IOStrategy {

    private static final Logger LOG = LoggerFactory.getLogger(AcceptStrategy.class);

    /** How long a listener pauses; clients wait in the kernel's backlog meanwhile. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final IOStrategy sameThread = SameThreadIOStrategy.getInstance();
    private final Pauses pauses;
    private final LogThrottle lines = new LogThrottle();

    /** Runs a task once a listener's {@link #PAUSE} is over. */
    private interface Pauses {
        void after(TCPNIOServerConnection listener, Runnable task);
    }

    /** A strategy for listeners on event loops. */
    public AcceptStrategy(EventLoops loops) {
        this((listener, task) -> loops.of((NIOConnection) listener).schedule(PAUSE, task));
    }

    /** A strategy for listeners of another transport, whose timers these are. */
    public AcceptStrategy(ScheduledExecutorService timers) {
        this((listener, task) -> timers.schedule(task, PAUSE.toNanos(), TimeUnit.NANOSECONDS));
    }

    private AcceptStrategy(Pauses pauses) {
        this.pauses = pauses;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public boolean executeIoEvent(Connection connection, IOEvent event) {
        return executeIoEvent(connection, event, true);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public boolean executeIoEvent(Connection connection, IOEvent event, boolean isEventEnabled) {
        try {
            if (event == IOEvent.SERVER_ACCEPT) {
                accept((TCPNIOServerConnection) connection);
            } else {
                sameThread.executeIoEvent(connection, event, isEventEnabled);
            }
        } catch (IOException | RuntimeException | Error e) {
            // must not reach Grizzly's SelectorRunner, which would close the listener
            LOG.error("bug while handling {} of {}", event, connection, e);
            if (event != IOEvent.SERVER_ACCEPT) {
                connection.terminateSilently();
            }
        }
        return true;
    }

    private void accept(TCPNIOServerConnection listener) throws IOException {
        try {
            listener.onAccept();
        } catch (IOException | RuntimeException | Error e) {
            if (listener.isOpen()) {
                pause(listener, e);
            }
        }
    }

    private void pause(TCPNIOServerConnection listener, Throwable why) throws IOException {
        long failures = lines.next(System.nanoTime());
        if (failures > 0) {
            LOG.warn(
                    "no connection can be accepted at {}, tried {} times: {}; established ones go on",
                    listener.getLocalAddress(),
                    failures,
                    why.getMessage());
            if (!(why instanceof IOException)) {
                LOG.error("bug while accepting at {}", listener.getLocalAddress(), why);
            }
        }
        listener.disableIOEvent(IOEvent.SERVER_ACCEPT);
        pauses.after(listener, () -> resume(listener));
    }

    private static void resume(TCPNIOServerConnection listener) {
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
