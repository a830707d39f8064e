package io.fanfare.cli.config;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.server.FanfareServerBuilder;
import io.fanfare.server.ServerOptions;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * One key of the configuration.
 *
 * @param key from the top, with dots
 * @param comment one line, for who writes the file
 * @param get the value that a draft has
 * @param set puts a value into a draft; an {@link IllegalArgumentException} is an error of the value
 */
record Setting<T>(String key, Type<T> type, String comment, Function<Draft, T> get, BiConsumer<Draft, T> set) {

    static final String VARIABLE_PREFIX = "FANFARE_";

    /** An option of the server. */
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

    /** An option of the broker inside it. */
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

    /** The environment variable that sets it: {@code FANFARE_LIMITS_MAX_HEADERS} for {@code limits.max_headers}. */
    String variable() {
        return VARIABLE_PREFIX + key.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /**
     * Takes a value from a configuration.
     *
     * @throws ConfigException when it is none
     */
    void read(ConfigNode node, Draft draft) {
        T value = type.read(node);
        node.checked(() -> {
            set.accept(draft, value);
            return draft;
        });
    }

    /** The value that a draft has, as YAML. */
    String write(Draft draft) {
        return type.write(get.apply(draft));
    }
}
