package io.fanfare.broker;

import java.time.Duration;

/**
 * How much a client may send in a second. Who sends more is read from more slowly; who has been made to wait for too
 * much of a minute gets the ERROR {@code rate limit} and close code 4429. A rate of 0 is no limit.
 *
 * @param maxMessageRate SEND frames of one connection
 * @param maxByteRate bytes of one connection
 * @param maxUserMessageRate SEND frames of all connections of a user, who has a name
 * @param maxUserByteRate bytes of all connections of a user, who has a name
 * @param maxSubscribeRate SUBSCRIBE and UNSUBSCRIBE frames of one connection
 * @param maxControlRate what keeps the broker busy and does nothing, of one connection: heart-beats, pings, pongs, empty
 *     messages and very small fragments
 * @param rateBurst how much of each may come at once: as much as in this time
 * @param maxRateDelay how long a client may be made to wait in a minute
 */
public record RateLimits(
        int maxMessageRate,
        long maxByteRate,
        int maxUserMessageRate,
        long maxUserByteRate,
        int maxSubscribeRate,
        int maxControlRate,
        Duration rateBurst,
        Duration maxRateDelay) {

    public static final RateLimits DEFAULT =
            new RateLimits(0, 0, 0, 0, 1000, 200, Duration.ofSeconds(5), Duration.ofSeconds(10));

    /** Other limits for the messages and bytes of one connection. */
    public RateLimits withConnection(int messageRate, long byteRate) {
        return new RateLimits(
                messageRate,
                byteRate,
                maxUserMessageRate,
                maxUserByteRate,
                maxSubscribeRate,
                maxControlRate,
                rateBurst,
                maxRateDelay);
    }

    /** Other limits for the messages and bytes of all connections of a user. */
    public RateLimits withUser(int messageRate, long byteRate) {
        return new RateLimits(
                maxMessageRate,
                maxByteRate,
                messageRate,
                byteRate,
                maxSubscribeRate,
                maxControlRate,
                rateBurst,
                maxRateDelay);
    }

    /** Whether anything of a user's is counted. */
    boolean limitsUsers() {
        return maxUserMessageRate > 0 || maxUserByteRate > 0;
    }
}
