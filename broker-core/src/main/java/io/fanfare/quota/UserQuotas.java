package io.fanfare.quota;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import io.fanfare.options.ConnectionLimits;
import io.fanfare.options.RateLimits;
import java.util.HashMap;
import java.util.Map;

/** Quotas of the users that are connected, as far as users are limited. Any thread may call. */
public final class UserQuotas {

    private final ConnectionLimits limits;
    private final RateLimits rates;
    private final Map<String, UserQuota> byName = new HashMap<>();

    public UserQuotas(ConnectionLimits limits, RateLimits rates) {
        this.limits = limits;
        this.rates = rates;
    }

    /** Whether there is anything to count for a user of this name; a client without a name is not counted. */
    public boolean counts(String name) {
        return !name.isEmpty()
                && (limits.maxConnectionsPerUser() > 0
                        || rates.maxUserMessageRate() > 0
                        || rates.maxUserByteRate() > 0);
    }

    /**
     * A connection of this user has come; {@link #leave} follows.
     *
     * @throws ProtocolException when the user has as many as allowed
     */
    public synchronized UserQuota enter(String name) {
        UserQuota user = byName.computeIfAbsent(name, n -> new UserQuota(n, rates));
        int limit = limits.maxConnectionsPerUser();
        if (limit > 0 && user.connections >= limit) {
            throw new ProtocolException(
                    "too many connections",
                    Limits.exceeded(
                            "this user has %,d connections", user.connections, limit, "max_connections_per_user"),
                    CloseCode.OVERLOAD);
        }
        user.connections++;
        return user;
    }

    public synchronized void leave(UserQuota user) {
        if (--user.connections == 0) {
            byName.remove(user.name());
        }
    }
}
