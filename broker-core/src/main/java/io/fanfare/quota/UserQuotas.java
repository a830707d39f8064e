package io.fanfare.quota;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import io.fanfare.options.ConnectionLimits;
import io.fanfare.options.RateLimits;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Quotas of users, as far as users are limited: of those that are connected, and of those that were or that publish without
 * a connection. Any thread may call.
 */
public final class UserQuotas {

    /** Users without a connection whose rates are remembered; the one that came longest ago goes when there are more. */
    private static final int MAX_AWAY = 10_000;

    private final ConnectionLimits limits;
    private final RateLimits rates;
    private final Map<String, UserQuota> byName = new HashMap<>();

    /** A rate would be none if a new connection, or the next request, began without what the last one has taken. */
    private final Map<String, UserQuota> away = new LinkedHashMap<>();

    public UserQuotas(ConnectionLimits limits, RateLimits rates) {
        this.limits = limits;
        this.rates = rates;
    }

    /** Whether there is anything to count for a user of this name; a client without a name is not counted. */
    public boolean counts(String name) {
        return !name.isEmpty() && (limits.maxConnectionsPerUser() > 0 || hasRates());
    }

    private boolean hasRates() {
        return rates.maxUserMessageRate() > 0 || rates.maxUserByteRate() > 0;
    }

    /**
     * A connection of this user has come; {@link #leave} follows.
     *
     * @throws ProtocolException when the user has as many as allowed
     */
    public synchronized UserQuota enter(String name) {
        UserQuota user = byName.computeIfAbsent(name, this::returning);
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
            remember(user);
        }
    }

    /**
     * Counts a message of a user that comes without a connection.
     *
     * @param now in the loops' nanoseconds
     * @throws ProtocolException when a connection of the user would have to wait before its next message
     */
    public void message(String name, long bytes, long now) {
        if (!name.isEmpty() && hasRates()) {
            find(name).message(bytes, now);
        }
    }

    private synchronized UserQuota find(String name) {
        UserQuota connected = byName.get(name);
        if (connected != null) {
            return connected;
        }
        UserQuota user = returning(name);
        remember(user);
        return user;
    }

    private UserQuota returning(String name) {
        UserQuota user = away.remove(name);
        return user == null ? new UserQuota(name, rates) : user;
    }

    private void remember(UserQuota user) {
        if (hasRates()) {
            away.put(user.name(), user);
            if (away.size() > MAX_AWAY) {
                away.remove(away.keySet().iterator().next());
            }
        }
    }
}
