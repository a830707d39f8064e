package io.fanfare.cli.config;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The type of a setting's values: reads them from a configuration and writes them as YAML. */
interface Type<T> {

    /**
     * Reads a value.
     *
     * @throws ConfigException when the node is not a value of this type; each problem has its place
     */
    T read(ConfigNode node);

    /** The value as YAML, on one line. */
    String write(T value);

    /**
     * The same values as other objects; an {@link IllegalArgumentException} of {@code in} is a mistake in the value.
     */
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

    /** A type whose values are one scalar each. */
    interface Word<T> extends Type<T> {

        /** The form of a value, for errors: "a port from 0 to 65535". */
        String form();

        /** The value, or null when the text is not one. */
        @Nullable
        T parse(String text);

        @Override
        default T read(ConfigNode node) {
            T value = parse(node.text(form()));
            if (value == null) {
                throw node.mustBe(form());
            }
            return value;
        }

        /** The same type with a keyword for one of its values, such as {@code off}. */
        default Word<T> or(String word, T meaning) {
            Word<T> self = this;
            return new Word<>() {
                @Override
                public String form() {
                    return self.form() + ", or " + word;
                }

                @Override
                public @Nullable T parse(String text) {
                    return text.equals(word) ? meaning : self.parse(text);
                }

                @Override
                public String write(T value) {
                    return value.equals(meaning) ? word : self.write(value);
                }
            };
        }
    }
}
