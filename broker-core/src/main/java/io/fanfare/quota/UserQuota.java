package io.fanfare.quota;

import io.fanfare.options.RateLimits;
import org.jspecify.annotations.Nullable;

/** Rates of one named user, over all of the user's connections. */
public final class UserQuota {

    private final String name;
    private final @Nullable TokenBucket messages;
    private final @Nullable TokenBucket bytes;

    /** Belongs to {@link UserQuotas}. */
    public int connections;

    public UserQuota(String name, RateLimits limits) {
        this.name = name;
        this.messages = limits.maxUserMessageRate() == 0
                ? null
                : new TokenBucket(
                        "messages of one user",
                        "max_user_message_rate",
                        limits.maxUserMessageRate(),
                        limits.rateBurst());
        this.bytes = limits.maxUserByteRate() == 0
                ? null
                : new TokenBucket(
                        "bytes of one user", "max_user_byte_rate", limits.maxUserByteRate(), limits.rateBurst());
    }

    public String name() {
        return name;
    }

    @Nullable
    public TokenBucket messages() {
        return messages;
    }

    @Nullable
    public TokenBucket bytes() {
        return bytes;
    }
}
