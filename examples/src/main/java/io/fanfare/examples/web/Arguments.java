package io.fanfare.examples.web;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Arguments of a command line, {@code --name value} or {@code --name=value}; values are whole numbers or URLs of brokers. */
public final class Arguments {

    private final Map<String, String> values;

    private Arguments(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Takes the arguments apart; of repeated ones the last counts.
     *
     * @param known names with their hyphens, such as {@code --port}
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static Arguments parse(Set<String> known, String... arguments) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            String[] parts = arguments[i].split("=", 2);
            if (!known.contains(parts[0])) {
                throw new IllegalArgumentException("there is no option " + parts[0]);
            }
            if (parts.length == 1 && i + 1 == arguments.length) {
                throw new IllegalArgumentException(parts[0] + " needs a value");
            }
            values.put(parts[0], parts.length == 2 ? parts[1] : arguments[++i]);
        }
        return new Arguments(values);
    }

    /**
     * The value of an argument.
     *
     * @param absent the value without that argument
     * @throws IllegalArgumentException with a sentence for the user, when it is no whole number from least to most
     */
    public int number(String name, int absent, int least, int most) {
        String value = values.get(name);
        if (value == null) {
            return absent;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new IllegalArgumentException(name + " must be a number from " + least + " to " + most + ", not " + value);
    }

    /**
     * The URL of a broker.
     *
     * @throws IllegalArgumentException with a sentence for the user, when it is no ws:// or wss:// URL
     */
    public Optional<URI> broker(String name) {
        return Optional.ofNullable(values.get(name)).map(value -> {
            if (!value.matches("wss?://[^/\\s]+(/\\S*)?")) {
                throw new IllegalArgumentException(
                        name + " must be a URL such as ws://127.0.0.1:15674/ws, not " + value);
            }
            return URI.create(value);
        });
    }

    /** The port of that argument; 0, which is any free one, without it. */
    public int port(String name) {
        return number(name, 0, 0, 65_535);
    }
}
