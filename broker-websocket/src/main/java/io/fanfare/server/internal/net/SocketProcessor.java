package io.fanfare.server.internal.net;

import java.io.IOException;
import org.glassfish.grizzly.CompletionHandler;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Context;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.Processor;
import org.glassfish.grizzly.ProcessorResult;
import org.glassfish.grizzly.ReadResult;
import org.glassfish.grizzly.WriteResult;
import org.glassfish.grizzly.asyncqueue.MessageCloner;
import org.glassfish.grizzly.asyncqueue.PushBackHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processor of a connection's I/O events, straight from Grizzly's selector and without a filter chain. Reading and writing
 * happen on the channel itself, so Grizzly's own read and write calls are refused.
 *
 * <p>An exception ends the connection whose event it came out of, and no other: Grizzly would log it and leave the
 * connection open.
 */
public abstract class SocketProcessor implements Processor<Context> {

    private static final Logger LOG = LoggerFactory.getLogger(SocketProcessor.class);

    /** What is to be done for a connection. */
    @FunctionalInterface
    protected interface Action {
        void run() throws IOException;
    }

    /**
     * Handles one event of a connection. Called on the thread of its loop, but for {@link IOEvent#CLOSED}, which comes on
     * the thread that closes it: that one is handled by {@link SelectorLoop#runOrExecute}.
     */
    protected abstract void onEvent(IOEvent event, Connection<?> connection) throws IOException;

    /** Ends a connection at once. */
    protected void terminate(Connection<?> connection) {
        connection.terminateSilently();
    }

    @Override
    public final ProcessorResult process(Context context) {
        Connection<?> connection = context.getConnection();
        try {
            onEvent(context.getIoEvent(), connection);
        } catch (IOException | RuntimeException | Error e) {
            fail(connection, e);
        }
        return ProcessorResult.createComplete();
    }

    /** Runs an action outside of an event, with the same consequences of an exception. */
    protected final void guard(Connection<?> connection, Action action) {
        try {
            action.run();
        } catch (IOException | RuntimeException | Error e) {
            fail(connection, e);
        }
    }

    private void fail(Connection<?> connection, Throwable why) {
        logFailure(why);
        terminate(connection);
    }

    /** An I/O error is the peer's or the network's; every other exception is a bug. */
    protected final void logFailure(Throwable why) {
        if (why instanceof IOException) {
            LOG.debug("{} {}", this, why.toString());
        } else {
            LOG.error("bug: closing {}", this, why);
        }
    }

    @Override
    public final Context obtainContext(@SuppressWarnings("rawtypes") Connection connection) {
        Context context = Context.create(connection);
        context.setProcessor(this);
        return context;
    }

    @Override
    public final boolean isInterested(IOEvent event) {
        return true;
    }

    @Override
    public final void setInterested(IOEvent event, boolean interested) {
        throw new UnsupportedOperationException("takes every event");
    }

    @Override
    @SuppressWarnings("rawtypes")
    public final void read(Connection connection, CompletionHandler<ReadResult> handler) {
        throw unsupported();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public final void write(
            Connection connection, Object address, Object message, CompletionHandler<WriteResult> handler) {
        throw unsupported();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public final void write(
            Connection connection,
            Object address,
            Object message,
            CompletionHandler<WriteResult> handler,
            MessageCloner cloner) {
        throw unsupported();
    }

    @Override
    @Deprecated
    @SuppressWarnings("rawtypes")
    public final void write(
            Connection connection,
            Object address,
            Object message,
            CompletionHandler<WriteResult> handler,
            PushBackHandler pushBack) {
        throw unsupported();
    }

    private static IllegalStateException unsupported() {
        return new IllegalStateException("this connection is read and written by its event loop");
    }
}
