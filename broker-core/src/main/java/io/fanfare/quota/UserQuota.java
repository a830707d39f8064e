package io.fanfare.quota;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
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

    /**
     * Counts a message that comes without a connection.
     *
     * @param now in the loops' nanoseconds
     * @throws ProtocolException when a connection would have to wait before its next message; then nothing is counted
     */
    void message(long size, long now) {
        check(messages, now);
        check(bytes, now);
        if (messages != null) {
            messages.take(1, now);
        }
        if (bytes != null) {
            bytes.take(size, now);
        }
    }

    private static void check(@Nullable TokenBucket bucket, long now) {
        if (bucket != null && bucket.ahead(now) > 0) {
            throw new ProtocolException("rate limit", "this user has sent more than " + bucket, CloseCode.RATE_LIMIT);
        }
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
