package io.fanfare.cli.config;

import org.jspecify.annotations.Nullable;

/** A type whose values are one word. */
interface Word<T> extends Type<T> {

    /** What a value looks like, for errors: "a port from 0 to 65535". */
    String form();

    /** The value, or null when the text is none. */
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

    /** The same with a word that stands for one of the values, such as {@code off}. */
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
