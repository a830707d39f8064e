package io.fanfare.broker;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import java.util.HashMap;
import java.util.Map;

/** The users who are connected, as far as anything of theirs is limited. Any thread. */
final class Users {

    private final BrokerOptions options;
    private final Map<String, User> byName = new HashMap<>();

    Users(BrokerOptions options) {
        this.options = options;
    }

    /** Whether there is anything to count for a user of this name; who has none is nobody in particular. */
    boolean counts(String name) {
        return !name.isEmpty()
                && (options.maxConnectionsPerUser() > 0
                        || options.maxUserMessageRate() > 0
                        || options.maxUserByteRate() > 0);
    }

    /**
     * A connection of this user has come; {@link #leave} follows.
     *
     * @throws ProtocolException when he has as many as he may have
     */
    synchronized User enter(String name) {
        User user = byName.computeIfAbsent(name, n -> new User(n, options));
        int limit = options.maxConnectionsPerUser();
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

    synchronized void leave(User user) {
        if (--user.connections == 0) {
            byName.remove(user.name());
        }
    }

    synchronized int count() {
        return byName.size();
    }
}
