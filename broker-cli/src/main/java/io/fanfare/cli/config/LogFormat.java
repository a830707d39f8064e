package io.fanfare.cli.config;

import java.util.Locale;

/** The form of a line of the log. */
public enum LogFormat {
    /** For people: time, level, logger, message. */
    TEXT,
    /** For programs: a JSON object, with a member for each named value of the message. */
    JSON;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
