package io.fanfare.cli.config;

import io.fanfare.frame.Printable;
import java.util.List;
import java.util.function.Supplier;

/** A piece of a configuration: what stands there, where, and the key that leads to it. */
sealed interface ConfigNode {

    /** From the top, with dots: {@code limits.max_headers}, {@code permissions[2].allow}. */
    String key();

    Place place();

    /** One value, as it is written, without quotes. */
    record Scalar(String key, Place place, String text) implements ConfigNode {

        @Override
        public String text(String form) {
            return text;
        }

        @Override
        public String shown() {
            return Printable.of(text);
        }
    }

    record Items(String key, Place place, List<ConfigNode> nodes) implements ConfigNode {

        @Override
        public List<ConfigNode> items(String form) {
            return nodes;
        }

        @Override
        public String shown() {
            return "a list";
        }
    }

    record Section(String key, Place place, List<Entry> pairs) implements ConfigNode {

        @Override
        public List<Entry> entries(String form) {
            return pairs;
        }

        @Override
        public String shown() {
            return "a section";
        }
    }

    /** A key with nothing behind it. */
    record Empty(String key, Place place) implements ConfigNode {

        @Override
        public String shown() {
            return "nothing";
        }
    }

    /**
     * A key of a section with its value.
     *
     * @param name the key without its section
     * @param place the key's; the value has its own
     */
    record Entry(String name, Place place, ConfigNode value) {}

    /** The value, for those who want one and nothing else; {@code form} says what, such as "a port". */
    default String text(String form) {
        throw mustBe(form);
    }

    default List<ConfigNode> items(String form) {
        throw mustBe(form);
    }

    default List<Entry> entries(String form) {
        throw mustBe(form);
    }

    /** What stands here, for an error. */
    String shown();

    default ConfigException mustBe(String form) {
        return refused("must be " + form + ", not " + shown());
    }

    /** What is made of the value; an {@link IllegalArgumentException} is an error at this place. */
    default <T> T checked(Supplier<T> make) {
        try {
            return make.get();
        } catch (IllegalArgumentException e) {
            throw new ConfigException(place(), key() + ": " + e.getMessage());
        }
    }

    /** An error at this place: the key, and what is the matter with it. */
    default ConfigException refused(String predicate) {
        // a key that is nobody's but the file's may hold anything
        String quoted = Printable.of(key());
        String name = quoted.equals("'" + key() + "'") ? key() : quoted;
        return new ConfigException(place(), name + " " + predicate);
    }
}
