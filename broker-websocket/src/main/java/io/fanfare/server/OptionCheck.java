package io.fanfare.server;

import java.time.Duration;

/** Ranges of option values. Each method throws an {@link IllegalArgumentException} that names the key. */
final class OptionCheck {

    private static final int MAX_PORT = 65535;

    private OptionCheck() {}

    static void positive(String key, long value) {
        require(value > 0, key, "1 or more", value);
    }

    static void notNegative(String key, long value) {
        require(value >= 0, key, "0 or more", value);
    }

    static void positive(String key, Duration value) {
        require(!value.isNegative() && !value.isZero(), key, "longer than 0", value);
    }

    static void notNegative(String key, Duration value) {
        require(!value.isNegative(), key, "0 or longer", value);
    }

    static void port(String key, int value) {
        require(value >= 0 && value <= MAX_PORT, key, "0 to " + MAX_PORT, value);
    }

    static void portOrOff(String key, int value) {
        require(
                value >= ServerOptions.OFF && value <= MAX_PORT,
                key,
                "0 to " + MAX_PORT + ", or " + ServerOptions.OFF + " for off",
                value);
    }

    static void require(boolean holds, String key, String range, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " must be " + range + ", not " + value);
        }
    }
}
