package io.fanfare.broker;

import io.fanfare.frame.FrameLimits;
import io.fanfare.frame.HeartBeat;
import java.time.Duration;

/**
 * What a {@link Broker} allows and offers. Every limit has a sentence that names it when it is met.
 *
 * @param frameLimits how large frames may be once connected
 * @param maxFrameBytesBeforeConnected how large a frame may be before CONNECTED
 * @param loginTimeout from the open connection to CONNECTED
 * @param frameTimeout how long a client may be silent in the middle of a frame
 * @param heartBeat what the broker offers to send and wants to receive
 * @param maxSubscriptions live subscriptions of one connection
 * @param maxTransactions open transactions of one connection
 * @param maxTransactionFrames frames of one transaction
 * @param maxDestinationBytes a destination's length in UTF-8
 * @param maxDestinationWords words of a destination's name
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
        Duration frameTimeout,
        HeartBeat heartBeat,
        int maxSubscriptions,
        int maxTransactions,
        int maxTransactionFrames,
        int maxDestinationBytes,
        int maxDestinationWords,
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
        private Duration frameTimeout = Duration.ofSeconds(10);
        private HeartBeat heartBeat = new HeartBeat(Duration.ofSeconds(10), Duration.ofSeconds(10));
        private int maxSubscriptions = 1024;
        private int maxTransactions = 16;
        private int maxTransactionFrames = 1024;
        private int maxDestinationBytes = 255;
        private int maxDestinationWords = 16;
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

        public Builder frameTimeout(Duration timeout) {
            frameTimeout = timeout;
            return this;
        }

        public Builder heartBeat(HeartBeat offer) {
            heartBeat = offer;
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
                    frameTimeout,
                    heartBeat,
                    maxSubscriptions,
                    maxTransactions,
                    maxTransactionFrames,
                    maxDestinationBytes,
                    maxDestinationWords,
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
