package io.fanfare.options;

import java.time.Duration;

/** Ranges of option values. Each method throws an {@link IllegalArgumentException} that names the key. */
final class Check {

    private Check() {}

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

    private static void require(boolean holds, String key, String range, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " must be " + range + ", not " + value);
        }
    }
}
