package io.fanfare.frame;

import java.util.Locale;

/** The text of an ERROR that a limit causes: it names the actual number, the limit and the option. */
public final class Limits {

    private Limits() {}

    /**
     * Such as {@code this connection has 1,024 subscriptions, its limit is 1,024 (max_subscriptions)}.
     *
     * @param what a sentence with {@code %,d} in place of the actual number
     * @param key the option, as the configuration file spells it
     */
    public static String exceeded(String what, long actual, long limit, String key) {
        return exceeded(what, actual, limit) + " (" + key + ")";
    }

    /** The same of a limit that no option changes. */
    public static String exceeded(String what, long actual, long limit) {
        return String.format(Locale.ROOT, what, actual) + String.format(Locale.ROOT, ", its limit is %,d", limit);
    }
}
