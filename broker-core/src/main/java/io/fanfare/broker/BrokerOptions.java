package io.fanfare.broker;

import io.fanfare.frame.FrameLimits;
import io.fanfare.frame.HeartBeat;
import io.fanfare.security.Authenticator;
import io.fanfare.security.Authorizer;
import java.time.Duration;

/**
 * What a {@link Broker} allows and offers. Every limit has a sentence that names it when it is met.
 *
 * @param frameLimits how large frames may be once connected
 * @param maxFrameBytesBeforeConnected how large a frame may be before CONNECTED
 * @param loginTimeout from the open connection to CONNECT
 * @param authenticationTimeout how long the authenticator may take for its answer
 * @param frameTimeout how long a client may be silent in the middle of a frame
 * @param heartBeat what the broker offers to send and wants to receive
 * @param pingInterval after how much silence a client is asked for a sign of life, where its protocol lets us: WebSocket's
 *     Ping; as much again without an answer, and it is given up; zero: never
 * @param maxMessageRate SEND frames of one connection in a second; with this and the rates below, who sends more is read from more slowly; 0: no
 *     limit
 * @param maxByteRate bytes of one connection in a second; 0: no limit
 * @param maxUserMessageRate SEND frames of all connections of a user, who has a name, in a second; 0: no limit
 * @param maxUserByteRate bytes of all connections of a user, who has a name, in a second; 0: no limit
 * @param maxSubscribeRate SUBSCRIBE and UNSUBSCRIBE frames of one connection in a second; 0: no limit
 * @param maxControlRate what keeps the broker busy and does nothing, of one connection in a second: heart-beats, pings,
 *     pongs, empty messages and very small fragments; 0: no limit
 * @param rateBurst how much of each may come at once: as much as in this time
 * @param maxRateDelay how long a client that sends too fast may be made to wait in a minute, before it is closed
 * @param maxConnectionsPerUser connections of one user, who has a name, at a time; 0: no limit
 * @param maxSubscriptions live subscriptions of one connection
 * @param maxTransactions open transactions of one connection
 * @param maxTransactionFrames frames of one transaction
 * @param maxDestinationBytes a destination's length in UTF-8
 * @param maxDestinationWords words of a destination's name
 * @param maxDestinations topics, queues and durable subscriptions at a time
 * @param maxDestinationsPerConnection topics that one connection subscribes to, and queues and durable subscriptions that are
 *     there because of it
 * @param maxOutboxBytes what may wait for one connection; an empty outbox takes any one frame
 * @param writeTimeout how long a connection with a backlog may take nothing
 * @param prefetch messages a queue subscription gets ahead of its acknowledgements, unless it asks for another number
 * @param maxQueueMessages messages one queue keeps
 * @param maxQueueBytes bytes one queue keeps, bodies and headers
 * @param maxDeliveries deliveries of a message that no one settles, before it goes to the queue's dead letters
 * @param maxDelayed messages that wait for their delay to pass
 * @param maxMemoryBytes what queues, transactions and messages under way may take together before SEND is refused; half
 *     of the JVM's heap
 * @param highMemoryBytes what may be under way to subscribers before publishers are not read from; a fifth of the heap
 * @param durableExpiry how long a durable subscription waits for its client to come back
 * @param expiryWarning how long before the end of a session whose token expires its client is told
 * @param serverName the {@code server} header of CONNECTED; empty: none
 * @param authenticator finds out who a client is
 * @param authorizer decides what a client may do
 */
public record BrokerOptions(
        FrameLimits frameLimits,
        int maxFrameBytesBeforeConnected,
        Duration loginTimeout,
        Duration authenticationTimeout,
        Duration frameTimeout,
        HeartBeat heartBeat,
        Duration pingInterval,
        int maxMessageRate,
        long maxByteRate,
        int maxUserMessageRate,
        long maxUserByteRate,
        int maxSubscribeRate,
        int maxControlRate,
        Duration rateBurst,
        Duration maxRateDelay,
        int maxConnectionsPerUser,
        int maxSubscriptions,
        int maxTransactions,
        int maxTransactionFrames,
        int maxDestinationBytes,
        int maxDestinationWords,
        int maxDestinations,
        int maxDestinationsPerConnection,
        long maxOutboxBytes,
        Duration writeTimeout,
        int prefetch,
        int maxQueueMessages,
        long maxQueueBytes,
        int maxDeliveries,
        int maxDelayed,
        long maxMemoryBytes,
        long highMemoryBytes,
        Duration durableExpiry,
        Duration expiryWarning,
        String serverName,
        Authenticator authenticator,
        Authorizer authorizer) {

    public static final BrokerOptions DEFAULT = builder().build();

    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; each has its default until it is set. */
    public static final class Builder {

        private FrameLimits frameLimits = FrameLimits.DEFAULT;
        private int maxFrameBytesBeforeConnected = 64 << 10;
        private Duration loginTimeout = Duration.ofSeconds(10);
        private Duration authenticationTimeout = Duration.ofSeconds(60);
        private Duration frameTimeout = Duration.ofSeconds(10);
        private HeartBeat heartBeat = new HeartBeat(Duration.ofSeconds(10), Duration.ofSeconds(10));
        private Duration pingInterval = Duration.ofSeconds(30);
        private int maxMessageRate = 0;
        private long maxByteRate = 0;
        private int maxUserMessageRate = 0;
        private long maxUserByteRate = 0;
        private int maxSubscribeRate = 1000;
        private int maxControlRate = 200;
        private Duration rateBurst = Duration.ofSeconds(5);
        private Duration maxRateDelay = Duration.ofSeconds(10);
        private int maxConnectionsPerUser = 0;
        private int maxSubscriptions = 1024;
        private int maxTransactions = 16;
        private int maxTransactionFrames = 1024;
        private int maxDestinationBytes = 255;
        private int maxDestinationWords = 16;
        private int maxDestinations = 100_000;
        private int maxDestinationsPerConnection = 10_000;
        private long maxOutboxBytes = 4 << 20;
        private Duration writeTimeout = Duration.ofSeconds(10);
        private int prefetch = 100;
        private int maxQueueMessages = 100_000;
        private long maxQueueBytes = 256L << 20;
        private int maxDeliveries = 10;
        private int maxDelayed = 100_000;
        private long maxMemoryBytes = Runtime.getRuntime().maxMemory() / 2;
        private long highMemoryBytes = Runtime.getRuntime().maxMemory() / 5;
        private Duration durableExpiry = Duration.ofDays(1);
        private Duration expiryWarning = Duration.ofSeconds(30);
        private String serverName = "fanfare/" + Broker.VERSION;
        private Authenticator authenticator = Authenticator.ANONYMOUS;
        private Authorizer authorizer = Authorizer.ALL;

        private Builder() {}

        public Builder frameLimits(FrameLimits limits) {
            frameLimits = limits;
            return this;
        }

        public Builder maxFrameBytesBeforeConnected(int bytes) {
            maxFrameBytesBeforeConnected = bytes;
            return this;
        }

        public Builder loginTimeout(Duration timeout) {
            loginTimeout = timeout;
            return this;
        }

        public Builder authenticationTimeout(Duration timeout) {
            authenticationTimeout = timeout;
            return this;
        }

        public Builder frameTimeout(Duration timeout) {
            frameTimeout = timeout;
            return this;
        }

        public Builder heartBeat(HeartBeat offer) {
            heartBeat = offer;
            return this;
        }

        public Builder pingInterval(Duration interval) {
            pingInterval = interval;
            return this;
        }

        public Builder maxMessageRate(int count) {
            maxMessageRate = count;
            return this;
        }

        public Builder maxByteRate(long bytes) {
            maxByteRate = bytes;
            return this;
        }

        public Builder maxUserMessageRate(int count) {
            maxUserMessageRate = count;
            return this;
        }

        public Builder maxUserByteRate(long bytes) {
            maxUserByteRate = bytes;
            return this;
        }

        public Builder maxSubscribeRate(int count) {
            maxSubscribeRate = count;
            return this;
        }

        public Builder maxControlRate(int count) {
            maxControlRate = count;
            return this;
        }

        public Builder rateBurst(Duration time) {
            rateBurst = time;
            return this;
        }

        public Builder maxRateDelay(Duration time) {
            maxRateDelay = time;
            return this;
        }

        public Builder maxConnectionsPerUser(int connections) {
            maxConnectionsPerUser = connections;
            return this;
        }

        public Builder maxSubscriptions(int subscriptions) {
            maxSubscriptions = subscriptions;
            return this;
        }

        public Builder maxTransactions(int transactions) {
            maxTransactions = transactions;
            return this;
        }

        public Builder maxTransactionFrames(int frames) {
            maxTransactionFrames = frames;
            return this;
        }

        public Builder maxDestinationBytes(int bytes) {
            maxDestinationBytes = bytes;
            return this;
        }

        public Builder maxDestinationWords(int words) {
            maxDestinationWords = words;
            return this;
        }

        public Builder maxDestinations(int destinations) {
            maxDestinations = destinations;
            return this;
        }

        public Builder maxDestinationsPerConnection(int destinations) {
            maxDestinationsPerConnection = destinations;
            return this;
        }

        public Builder maxOutboxBytes(long bytes) {
            maxOutboxBytes = bytes;
            return this;
        }

        public Builder writeTimeout(Duration timeout) {
            writeTimeout = timeout;
            return this;
        }

        public Builder prefetch(int messages) {
            prefetch = messages;
            return this;
        }

        public Builder maxQueueMessages(int messages) {
            maxQueueMessages = messages;
            return this;
        }

        public Builder maxQueueBytes(long bytes) {
            maxQueueBytes = bytes;
            return this;
        }

        public Builder maxDeliveries(int deliveries) {
            maxDeliveries = deliveries;
            return this;
        }

        public Builder maxDelayed(int messages) {
            maxDelayed = messages;
            return this;
        }

        public Builder maxMemoryBytes(long bytes) {
            maxMemoryBytes = bytes;
            return this;
        }

        public Builder highMemoryBytes(long bytes) {
            highMemoryBytes = bytes;
            return this;
        }

        public Builder durableExpiry(Duration expiry) {
            durableExpiry = expiry;
            return this;
        }

        public Builder expiryWarning(Duration before) {
            expiryWarning = before;
            return this;
        }

        public Builder serverName(String name) {
            serverName = name;
            return this;
        }

        public Builder authenticator(Authenticator seam) {
            authenticator = seam;
            return this;
        }

        public Builder authorizer(Authorizer seam) {
            authorizer = seam;
            return this;
        }

        public BrokerOptions build() {
            return new BrokerOptions(
                    frameLimits,
                    maxFrameBytesBeforeConnected,
                    loginTimeout,
                    authenticationTimeout,
                    frameTimeout,
                    heartBeat,
                    pingInterval,
                    maxMessageRate,
                    maxByteRate,
                    maxUserMessageRate,
                    maxUserByteRate,
                    maxSubscribeRate,
                    maxControlRate,
                    rateBurst,
                    maxRateDelay,
                    maxConnectionsPerUser,
                    maxSubscriptions,
                    maxTransactions,
                    maxTransactionFrames,
                    maxDestinationBytes,
                    maxDestinationWords,
                    maxDestinations,
                    maxDestinationsPerConnection,
                    maxOutboxBytes,
                    writeTimeout,
                    prefetch,
                    maxQueueMessages,
                    maxQueueBytes,
                    maxDeliveries,
                    maxDelayed,
                    maxMemoryBytes,
                    highMemoryBytes,
                    durableExpiry,
                    expiryWarning,
                    serverName,
                    authenticator,
                    authorizer);
        }
    }
}
