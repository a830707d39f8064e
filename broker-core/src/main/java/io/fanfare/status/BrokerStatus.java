package io.fanfare.status;

import java.time.Duration;

/**
 * A broker as a whole.
 *
 * @param version of Fanfare
 * @param uptime since the broker was made
 * @param sessions open connections, those before CONNECTED included
 * @param topics topics with subscribers
 * @param queues queues with consumers or messages
 * @param durableSubscriptions those of absent clients included
 * @param memoryBytes bytes that queues and transactions hold, and that are under way to subscribers
 * @param maxMemoryBytes the limit of these, above which SEND is refused
 * @param memoryFull whether SEND is refused for that
 * @param bytesUnderWay of memoryBytes those on their way to subscribers
 * @param failedLogins logins since the start that were not accepted
 * @param softErrors frames since the start that were refused without an end of their connection
 * @param draining whether the broker is about to stop
 */
public record BrokerStatus(
        String version,
        Duration uptime,
        int sessions,
        int topics,
        int queues,
        int durableSubscriptions,
        long memoryBytes,
        long maxMemoryBytes,
        boolean memoryFull,
        long bytesUnderWay,
        long failedLogins,
        long softErrors,
        boolean draining) {}
