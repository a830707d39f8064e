package io.fanfare.cli.config;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.nats.NatsOptions;
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
import io.fanfare.server.AdminOptions;
import io.fanfare.server.FanfareServerBuilder;
import io.fanfare.server.ProxyOptions;
import io.fanfare.server.ServerLimits;
import io.fanfare.server.ServerOptions;
import io.fanfare.server.ServerTimeouts;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One key of the configuration.
 *
 * @param key from the top, with dots
 * @param comment one line for the file that {@code fanfare config default} prints
 * @param get reads the value from a draft
 * @param set puts a value into a draft; an {@link IllegalArgumentException} is a mistake in the value
 */
record Setting<T>(String key, Type<T> type, String comment, Function<Draft, T> get, BiConsumer<Draft, T> set) {

    static final String VARIABLE_PREFIX = "FANFARE_";

    /**
     * One group of the options of server or broker.
     *
     * @param values reads the group
     * @param builder hands the group's builder to a function
     */
    record Group<G, B>(Function<Draft, G> values, BiConsumer<Draft, Consumer<B>> builder) {

        static final Group<ConnectionLimits, ConnectionLimits.Builder> LIMITS =
                broker(BrokerOptions::limits, BrokerOptions.Builder::limits);
        static final Group<DestinationLimits, DestinationLimits.Builder> DESTINATIONS =
                broker(BrokerOptions::destinations, BrokerOptions.Builder::destinations);
        static final Group<RateLimits, RateLimits.Builder> RATES =
                broker(BrokerOptions::rates, BrokerOptions.Builder::rates);
        static final Group<QueueOptions, QueueOptions.Builder> QUEUES =
                broker(BrokerOptions::queues, BrokerOptions.Builder::queues);
        static final Group<DedupOptions, DedupOptions.Builder> DEDUP =
                broker(BrokerOptions::dedup, BrokerOptions.Builder::dedup);
        static final Group<TopicOptions, TopicOptions.Builder> TOPICS =
                broker(BrokerOptions::topics, BrokerOptions.Builder::topics);
        static final Group<MemoryOptions, MemoryOptions.Builder> MEMORY =
                broker(BrokerOptions::memory, BrokerOptions.Builder::memory);
        static final Group<OutboxOptions, OutboxOptions.Builder> OUTBOX =
                broker(BrokerOptions::outbox, BrokerOptions.Builder::outbox);
        static final Group<HeartBeatOptions, HeartBeatOptions.Builder> HEART_BEAT =
                broker(BrokerOptions::heartBeat, BrokerOptions.Builder::heartBeat);
        static final Group<AuthOptions, AuthOptions.Builder> AUTH =
                broker(BrokerOptions::auth, BrokerOptions.Builder::auth);

        static final Group<ServerLimits, ServerLimits.Builder> SERVER_LIMITS =
                server(ServerOptions::limits, FanfareServerBuilder::limits);
        static final Group<ServerTimeouts, ServerTimeouts.Builder> TIMEOUTS =
                server(ServerOptions::timeouts, FanfareServerBuilder::timeouts);
        static final Group<ProxyOptions, ProxyOptions.Builder> PROXIES =
                server(ServerOptions::proxies, FanfareServerBuilder::proxies);
        static final Group<AdminOptions, AdminOptions.Builder> ADMIN =
                server(ServerOptions::admin, FanfareServerBuilder::admin);

        static final Group<NatsOptions, NatsOptions.Builder> CLUSTER =
                new Group<>(draft -> draft.cluster().build(), Group::setChecked);

        private static void setChecked(Draft draft, Consumer<NatsOptions.Builder> set) {
            set.accept(draft.cluster());
            draft.cluster().build();
        }

        private static <G, B> Group<G, B> broker(
                Function<BrokerOptions, G> values, BiConsumer<BrokerOptions.Builder, Consumer<B>> builder) {
            return new Group<>(
                    draft -> values.apply(draft.broker().build()), (draft, set) -> builder.accept(draft.broker(), set));
        }

        private static <G, B> Group<G, B> server(
                Function<ServerOptions, G> values, BiConsumer<FanfareServerBuilder, Consumer<B>> builder) {
            return new Group<>(
                    draft -> values.apply(draft.options()), (draft, set) -> builder.accept(draft.server(), set));
        }

        /** An option of this group. */
        <T> Setting<T> option(String key, Type<T> type, String comment, Function<G, T> get, BiConsumer<B, T> set) {
            return new Setting<>(
                    key,
                    type,
                    comment,
                    draft -> get.apply(values.apply(draft)),
                    (draft, value) -> builder.accept(draft, group -> set.accept(group, value)));
        }
    }

    /** An option of the server that is in no group of its builder. */
    static <T> Setting<T> server(
            String key,
            Type<T> type,
            String comment,
            Function<ServerOptions, T> get,
            BiConsumer<FanfareServerBuilder, T> set) {
        return new Setting<>(
                key,
                type,
                comment,
                draft -> get.apply(draft.options()),
                (draft, value) -> set.accept(draft.server(), value));
    }

    /** An option of the broker that is in no group. */
    static <T> Setting<T> broker(
            String key,
            Type<T> type,
            String comment,
            Function<BrokerOptions, T> get,
            BiConsumer<BrokerOptions.Builder, T> set) {
        return new Setting<>(
                key,
                type,
                comment,
                draft -> get.apply(draft.broker().build()),
                (draft, value) -> set.accept(draft.broker(), value));
    }

    /** The environment variable of this key: {@code FANFARE_LIMITS_MAX_HEADERS} for {@code limits.max_headers}. */
    String variable() {
        return VARIABLE_PREFIX + key.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /**
     * Puts the value of a node into a draft.
     *
     * @throws ConfigException when the node is not a value of this setting
     */
    void read(ConfigNode node, Draft draft) {
        T value = type.read(node);
        node.checked(() -> {
            set.accept(draft, value);
            return draft;
        });
    }

    /** The value of a draft, as YAML. */
    String write(Draft draft) {
        return type.write(get.apply(draft));
    }
}
