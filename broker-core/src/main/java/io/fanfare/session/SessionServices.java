package io.fanfare.session;

import io.fanfare.loop.Memory;
import io.fanfare.publish.Destinations;
import io.fanfare.publish.DrainMode;
import io.fanfare.publish.Publisher;

/**
 * What all sessions of a broker share.
 *
 * @param logins counts refused logins
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
        RefusedLogins logins,
        SoftErrors softErrors) {}
