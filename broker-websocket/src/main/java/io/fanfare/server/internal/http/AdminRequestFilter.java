package io.fanfare.server.internal.http;

import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;

/** Tells an {@link AdminExchange} that the head of its request is complete: what the HTTP codec has passed on. */
final class AdminRequestFilter extends BaseFilter {

    @Override
    public NextAction handleRead(FilterChainContext context) {
        AdminExchange.of(context.getConnection()).received();
        return context.getInvokeAction();
    }
}
