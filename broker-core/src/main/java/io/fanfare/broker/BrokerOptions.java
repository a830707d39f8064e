package io.fanfare.broker;

import io.fanfare.backplane.Backplane;
import io.fanfare.loop.BrokerClock;
import io.fanfare.options.AuthOptions;
import io.fanfare.options.ConnectionLimits;
import io.fanfare.options.DedupOptions;
import io.fanfare.options.DestinationLimits;
import io.fanfare.options.HeartBeatOptions;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.OutboxOptions;
import io.fanfare.options.QueueOptions;
import io.fanfare.options.RateLimits;
import io.fanfare.options.TopicOptions;
import io.fanfare.session.SessionServices;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Options of a {@link Broker}, in groups. Every limit has a sentence that names it when it is met.
 *
 * @param limits limits of one connection and its frames
 * @param destinations limits of destinations
 * @param rates rates at which clients may send
 * @param queues queues and durable subscriptions
 * @param topics what topics keep
 * @param dedup windows of repeated messages
 * @param memory memory of all messages together
 * @param outbox bytes that wait for one connection
 * @param heartBeat heart-beats and Pings
 * @param auth authentication and authorization
 * @param serverName the {@code server} header of CONNECTED; empty: none
 * @param clock by which everything is timed
 * @param backplane connects the broker to others; null: it is the only node
 */
public record BrokerOptions(
        ConnectionLimits limits,
        DestinationLimits destinations,
        RateLimits rates,
        QueueOptions queues,
        TopicOptions topics,
        DedupOptions dedup,
        MemoryOptions memory,
        OutboxOptions outbox,
        HeartBeatOptions heartBeat,
        AuthOptions auth,
        String serverName,
        BrokerClock clock,
        @Nullable Backplane backplane) {

    public static final BrokerOptions DEFAULT = builder().build();

    /** The same with other authentication and authorization. */
    public BrokerOptions withAuth(AuthOptions other) {
        return new BrokerOptions(
                limits,
                destinations,
                rates,
                queues,
                topics,
                dedup,
                memory,
                outbox,
                heartBeat,
                other,
                serverName,
                clock,
                backplane);
    }

    /** What ids of sessions and messages begin with; empty for the only node. */
    String node() {
        return backplane == null ? "" : backplane.node();
    }

    SessionServices.Options forSessions() {
        return new SessionServices.Options(
                limits, destinations, rates, outbox, heartBeat, auth, queues.prefetch(), serverName);
    }

    /** A builder, with the default of each group. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; each has its default until it is set. */
    public static final class Builder {

        private final ConnectionLimits.Builder limits = ConnectionLimits.builder();
        private final DestinationLimits.Builder destinations = DestinationLimits.builder();
        private final RateLimits.Builder rates = RateLimits.builder();
        private final QueueOptions.Builder queues = QueueOptions.builder();
        private final TopicOptions.Builder topics = TopicOptions.builder();
        private final DedupOptions.Builder dedup = DedupOptions.builder();
        private final MemoryOptions.Builder memory = MemoryOptions.builder();
        private final OutboxOptions.Builder outbox = OutboxOptions.builder();
        private final HeartBeatOptions.Builder heartBeat = HeartBeatOptions.builder();
        private final AuthOptions.Builder auth = AuthOptions.builder();
        private String serverName = "fanfare/" + Broker.VERSION;
        private BrokerClock clock = BrokerClock.SYSTEM;
        private @Nullable Backplane backplane;

        private Builder() {}

        /** Sets limits of one connection and its frames, as in {@code .limits(l -> l.frameLimits(...))}. */
        public Builder limits(Consumer<ConnectionLimits.Builder> set) {
            set.accept(limits);
            return this;
        }

        /** Sets limits of destinations, as in {@code .destinations(d -> d.maxDestinationBytes(...))}. */
        public Builder destinations(Consumer<DestinationLimits.Builder> set) {
            set.accept(destinations);
            return this;
        }

        /** Sets rates at which clients may send, as in {@code .rates(r -> r.maxMessageRate(...))}. */
        public Builder rates(Consumer<RateLimits.Builder> set) {
            set.accept(rates);
            return this;
        }

        /** Sets queues and durable subscriptions, as in {@code .queues(q -> q.prefetch(...))}. */
        public Builder queues(Consumer<QueueOptions.Builder> set) {
            set.accept(queues);
            return this;
        }

        /** Sets what topics keep, as in {@code .topics(t -> t.rules(...))}. */
        public Builder topics(Consumer<TopicOptions.Builder> set) {
            set.accept(topics);
            return this;
        }

        /** Sets windows of repeated messages, as in {@code .dedup(d -> d.dedupWindow(...))}. */
        public Builder dedup(Consumer<DedupOptions.Builder> set) {
            set.accept(dedup);
            return this;
        }

        /** Sets memory of all messages together, as in {@code .memory(m -> m.maxMemoryBytes(...))}. */
        public Builder memory(Consumer<MemoryOptions.Builder> set) {
            set.accept(memory);
            return this;
        }

        /** Sets bytes that wait for one connection, as in {@code .outbox(o -> o.maxOutboxBytes(...))}. */
        public Builder outbox(Consumer<OutboxOptions.Builder> set) {
            set.accept(outbox);
            return this;
        }

        /** Sets heart-beats and Pings, as in {@code .heartBeat(h -> h.heartBeat(...))}. */
        public Builder heartBeat(Consumer<HeartBeatOptions.Builder> set) {
            set.accept(heartBeat);
            return this;
        }

        /** Sets authentication and authorization, as in {@code .auth(a -> a.authenticator(...))}. */
        public Builder auth(Consumer<AuthOptions.Builder> set) {
            set.accept(auth);
            return this;
        }

        /** The {@code server} header of CONNECTED; {@code fanfare/VERSION} by default, none when it is empty. */
        public Builder serverName(String name) {
            serverName = name;
            return this;
        }

        /** Clock by which everything is timed; the machine's. For tests, which move one by hand. */
        public Builder clock(BrokerClock value) {
            clock = value;
            return this;
        }

        /** Connects the broker to other nodes; by default it is the only one. The broker starts and closes it. */
        public Builder backplane(Backplane value) {
            backplane = value;
            return this;
        }

        /**
         * All that is set so far.
         *
         * @throws IllegalArgumentException when a value is out of its range; the message names its key
         */
        public BrokerOptions build() {
            return new BrokerOptions(
                    limits.build(),
                    destinations.build(),
                    rates.build(),
                    queues.build(),
                    topics.build(),
                    dedup.build(),
                    memory.build(),
                    outbox.build(),
                    heartBeat.build(),
                    auth.build(),
                    serverName,
                    clock,
                    backplane);
        }
    }
}
