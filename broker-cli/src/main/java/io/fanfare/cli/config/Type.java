package io.fanfare.cli.config;

import java.util.function.Function;

/** What a setting's value may be, and how it is written. */
interface Type<T> {

    /**
     * Reads a value.
     *
     * @throws ConfigException when it is none, at the place where it is wrong
     */
    T read(ConfigNode node);

    /** The value as YAML, on one line. */
    String write(T value);

    /** The same values as other objects; an {@link IllegalArgumentException} of {@code in} is an error of the value. */
    default <R> Type<R> as(Function<T, R> in, Function<R, T> out) {
        Type<T> self = this;
        return new Type<>() {
            @Override
            public R read(ConfigNode node) {
                T value = self.read(node);
                return node.checked(() -> in.apply(value));
            }

            @Override
            public String write(R value) {
                return self.write(out.apply(value));
            }
        };
    }
}
