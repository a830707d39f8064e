package io.fanfare.cli.config;

import io.fanfare.cli.config.ConfigException.Problem;
import io.fanfare.frame.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** A node of a configuration file: its value, its place, and the key that leads to it. */
sealed interface ConfigNode {

    /** From the top, with dots: {@code limits.max_headers}, {@code permissions[2].allow}. */
    String key();

    Place place();

    /** One value as it is written, without its quotes. */
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

    /** A key without a value. */
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
     * @param place the place of the key; the value has its own
     */
    record Entry(String name, Place place, ConfigNode value) {}

    /** The text of a scalar; any other node is refused, with {@code form} for the error: "a port". */
    default String text(String form) {
        throw mustBe(form);
    }

    default List<ConfigNode> items(String form) {
        throw mustBe(form);
    }

    default List<Entry> entries(String form) {
        throw mustBe(form);
    }

    /**
     * Reads each of several nodes.
     *
     * @throws ConfigException with the mistakes of all of them
     */
    static <T> List<T> readAll(List<ConfigNode> nodes, Function<ConfigNode, T> read) {
        List<T> values = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (ConfigNode node : nodes) {
            try {
                values.add(read.apply(node));
            } catch (ConfigException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return List.copyOf(values);
    }

    /** The node as an error shows it. */
    String shown();

    default ConfigException mustBe(String form) {
        return refused("must be " + form + ", not " + shown());
    }

    /** Runs a conversion of the value; its {@link IllegalArgumentException} becomes a mistake at this place. */
    default <T> T checked(Supplier<T> make) {
        try {
            return make.get();
        } catch (IllegalArgumentException e) {
            throw new ConfigException(place(), key() + ": " + e.getMessage());
        }
    }

    /** A mistake at this place: the key, and the rest of the sentence. */
    default ConfigException refused(String predicate) {
        // an unknown key comes from the file and may hold any characters
        String quoted = Printable.of(key());
        String name = quoted.equals("'" + key() + "'") ? key() : quoted;
        return new ConfigException(place(), name + " " + predicate);
    }
}
