package io.fanfare.server.internal.http;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;

/** Limits the number of admin connections, and the time that each has for its one request and the answer. */
final class AdminConnectionFilter extends BaseFilter {

    private static final Attribute<Future<?>> DEADLINE =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute(AdminConnectionFilter.class.getName() + ".deadline");

    private final int maxConnections;
    private final Duration timeout;
    private final ScheduledExecutorService executor;
    private final AtomicInteger connections = new AtomicInteger();

    AdminConnectionFilter(int maxConnections, Duration timeout, ScheduledExecutorService executor) {
        this.maxConnections = maxConnections;
        this.timeout = timeout;
        this.executor = executor;
    }

    @Override
    public NextAction handleAccept(FilterChainContext context) {
        Connection<?> connection = context.getConnection();
        if (connections.incrementAndGet() > maxConnections) {
            connection.terminateSilently();
            return context.getStopAction();
        }
        DEADLINE.set(
                connection, executor.schedule(connection::terminateSilently, timeout.toNanos(), TimeUnit.NANOSECONDS));
        return context.getInvokeAction();
    }

    @Override
    public NextAction handleClose(FilterChainContext context) {
        connections.decrementAndGet();
        Future<?> deadline = DEADLINE.remove(context.getConnection());
        if (deadline != null) {
            deadline.cancel(false);
        }
        return context.getInvokeAction();
    }
}
