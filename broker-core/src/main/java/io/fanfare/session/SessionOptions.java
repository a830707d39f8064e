package io.fanfare.session;

import io.fanfare.options.AuthOptions;
import io.fanfare.options.ConnectionLimits;
import io.fanfare.options.DestinationLimits;
import io.fanfare.options.HeartBeatOptions;
import io.fanfare.options.OutboxOptions;
import io.fanfare.options.RateLimits;

/**
 * What sessions need of a broker's options.
 *
 * @param prefetch unsettled messages of a queue subscription, unless it asks for another number
 * @param serverName the {@code server} header of CONNECTED; empty: none
 */
public record SessionOptions(
        ConnectionLimits limits,
        DestinationLimits destinations,
        RateLimits rates,
        OutboxOptions outbox,
        HeartBeatOptions heartBeat,
        AuthOptions auth,
        int prefetch,
        String serverName) {}
