package io.fanfare.statistics;

import java.util.Locale;

/** A reason or kind that counts are kept for. */
public sealed interface Labelled permits Disconnect, Refusal, Drop, SlowAction, DeathReason {

    /** The constant's name. */
    String name();

    /** The value as metrics and logs write it, such as {@code too-slow}. */
    default String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
