package io.fanfare.session;

import io.fanfare.loop.Memory;
import io.fanfare.publish.Destinations;
import io.fanfare.publish.DrainMode;
import io.fanfare.publish.Publisher;
import io.fanfare.quota.UserQuotas;
import java.util.concurrent.atomic.LongAdder;

/**
 * What all sessions of a broker share.
 *
 * @param refusedLogins counts logins that were refused, or that could not be decided
 * @param softErrors counts and logs refusals that end no connection
 */
public record SessionServices(
        SessionOptions options,
        Destinations destinations,
        Publisher publisher,
        DrainMode drain,
        Memory memory,
        UserQuotas users,
        SessionIds ids,
        LongAdder refusedLogins,
        SoftErrors softErrors) {}
