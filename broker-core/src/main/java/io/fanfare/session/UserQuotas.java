package io.fanfare.session;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import java.util.HashMap;
import java.util.Map;

/** The users who are connected, as far as anything of theirs is limited. Any thread. */
public final class UserQuotas {

    private final BrokerOptions options;
    private final Map<String, UserQuota> byName = new HashMap<>();

    public UserQuotas(BrokerOptions options) {
        this.options = options;
    }

    /** Whether there is anything to count for a user of this name; who has none is nobody in particular. */
    public boolean counts(String name) {
        return !name.isEmpty()
                && (options.limits().maxConnectionsPerUser() > 0
                        || options.rates().maxUserMessageRate() > 0
                        || options.rates().maxUserByteRate() > 0);
    }

    /**
     * A connection of this user has come; {@link #leave} follows.
     *
     * @throws ProtocolException when he has as many as he may have
     */
    public synchronized UserQuota enter(String name) {
        UserQuota user = byName.computeIfAbsent(name, n -> new UserQuota(n, options));
        int limit = options.limits().maxConnectionsPerUser();
        if (limit > 0 && user.connections >= limit) {
            throw new ProtocolException(
                    "too many connections",
                    "this user has " + user.connections + " connections, the limit is " + limit
                            + " (max_connections_per_user)",
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

    public synchronized int count() {
        return byName.size();
    }
}
