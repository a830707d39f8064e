package io.fanfare.server.internal.net;

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

/**
 * Processor of a connection's I/O events, straight from Grizzly's selector and without a filter chain. Reading and writing
 * happen on the channel itself, so Grizzly's own read and write calls are refused.
 */
public abstract class SocketProcessor implements Processor<Context> {

    /** Handles one event of a connection; called on its selector's thread. */
    protected abstract void onEvent(IOEvent event, Connection<?> connection);

    @Override
    public final ProcessorResult process(Context context) {
        onEvent(context.getIoEvent(), context.getConnection());
        return ProcessorResult.createComplete();
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
