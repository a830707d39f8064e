package io.fanfare.server.internal.http;

import io.fanfare.loop.LogThrottle;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Limits the number of admin connections, and begins the exchange of each. */
final class AdminConnectionFilter extends BaseFilter {

    private static final Logger LOG = LoggerFactory.getLogger(AdminConnectionFilter.class);

    private final int maxConnections;
    private final AdminExchange.Timeouts timeouts;
    private final ScheduledExecutorService executor;
    private final AtomicInteger connections = new AtomicInteger();
    private final LogThrottle refusals = new LogThrottle();
    private final LogThrottle cuts = new LogThrottle();

    AdminConnectionFilter(int maxConnections, AdminExchange.Timeouts timeouts, ScheduledExecutorService executor) {
        this.maxConnections = maxConnections;
        this.timeouts = timeouts;
        this.executor = executor;
    }

    @Override
    public NextAction handleAccept(FilterChainContext context) {
        Connection<?> connection = context.getConnection();
        if (connections.incrementAndGet() > maxConnections) {
            tellRefused(connection);
            connection.terminateSilently();
            return context.getStopAction();
        }
        AdminExchange.begin(connection, timeouts, executor, cuts);
        return context.getInvokeAction();
    }

    private void tellRefused(Connection<?> connection) {
        long refused = refusals.next(System.nanoTime());
        if (refused > 0) {
            LOG.warn(
                    "refused peer={} at the admin port, {} since the last line: there are {} connections",
                    AdminExchange.peer(connection),
                    refused,
                    maxConnections);
        }
    }

    @Override
    public NextAction handleClose(FilterChainContext context) {
        connections.decrementAndGet();
        AdminExchange exchange = AdminExchange.of(context.getConnection());
        if (exchange != null) {
            exchange.end();
        }
        return context.getInvokeAction();
    }
}
